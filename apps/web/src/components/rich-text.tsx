/**
 * Text of people as they meant it: a subset of Markdown, rendered to elements and never to markup (T9).
 *
 *     text ─mdast▶ tree ─only what is listed here▶ elements        pictures, HTML, footnotes: shown as they were typed
 *
 * @module
 */
import { Anchor } from '@mantine/core'
import type { Nodes, Parent, RootContent } from 'mdast'
import { Fragment, memo, type ReactNode } from 'react'
import classes from './rich-text.module.css'
import { safeLink } from './safe-link.ts'
import { maxDepth, saidTree, typed } from './said-tree.ts'

export interface RichTextProps {
  readonly text: string
  /** What stands for a piece of plain text: mentions and marks are put in there. Itself when omitted. */
  readonly piece?: (text: string) => ReactNode
}

export const RichText = memo(function RichText({ text, piece = (said) => said }: RichTextProps): ReactNode {
  return (
    <div className={classes.text} dir="auto" data-others>
      {children(saidTree(text), text, piece, 0)}
    </div>
  )
})

function children(
  parent: Parent,
  source: string,
  piece: (text: string) => ReactNode,
  depth: number,
): ReactNode {
  return parent.children.map((node, at) => (
    <Fragment key={at}>{element(node as RootContent, source, piece, depth + 1)}</Fragment>
  ))
}

function element(node: Nodes, source: string, piece: (text: string) => ReactNode, depth: number): ReactNode {
  if (depth > maxDepth) return typed(node, source)
  const inside = (parent: Parent): ReactNode => children(parent, source, piece, depth)
  switch (node.type) {
    case 'text':
      return piece(node.value)
    case 'paragraph':
      return <p>{inside(node)}</p>
    case 'emphasis':
      return <em>{inside(node)}</em>
    case 'strong':
      return <strong>{inside(node)}</strong>
    case 'delete':
      return <s>{inside(node)}</s>
    case 'inlineCode':
      return <code>{node.value}</code>
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to get there
        <pre tabIndex={0} dir="ltr">
          <code>{node.value}</code>
        </pre>
      )
    case 'blockquote':
      return <blockquote>{inside(node)}</blockquote>
    case 'list':
      return node.ordered === true ? <ol start={node.start ?? 1}>{inside(node)}</ol> : <ul>{inside(node)}</ul>
    case 'listItem':
      return <li>{inside(node)}</li>
    case 'heading':
      // A note has no headings of the page.
      return (
        <p className={classes.heading}>
          <strong>{inside(node)}</strong>
        </p>
      )
    case 'break':
      return <br />
    case 'thematicBreak':
      return <hr />
    case 'link': {
      const link = safeLink(node.url)
      if (link === null) return inside(node)
      return (
        <>
          <Anchor
            href={link.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            underline="always"
            inherit
          >
            {inside(node)}
          </Anchor>
          {isSaid(node, link) ? null : <span className={classes.host}> ({link.host})</span>}
        </>
      )
    }
    default:
      return typed(node, source)
  }
}

/** Whether what is read is where it leads: else its host is said behind it. */
function isSaid(node: Parent, link: { readonly href: string; readonly host: string }): boolean {
  const [only, ...more] = node.children
  if (more.length > 0 || only?.type !== 'text') return false
  const said = safeLink(only.value) ?? safeLink(`https://${only.value}`)
  return said?.host === link.host
}
