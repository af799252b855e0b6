/**
 * The words of a text of people, where there is no room for how it looks: excerpts, lists, what happened.
 *
 *     'see *you* at [the lake](https://…)' ─▶ 'see you at the lake'
 *
 * @module
 */
import type { Nodes, Parent } from 'mdast'
import { maxDepth, saidTree, typed } from './said-tree.ts'

/** What rich-text.tsx shows as it was typed is here as it was typed too; of a picture, what describes it. */
export function plainText(text: string): string {
  return words(saidTree(text), text, 0)
}

function words(node: Nodes, source: string, depth: number): string {
  if (depth > maxDepth) return typed(node, source)
  const inside = ({ children }: Parent, between: string): string =>
    children.map((child) => words(child, source, depth + 1)).join(between)
  switch (node.type) {
    case 'text':
    case 'inlineCode':
    case 'code':
      return node.value
    case 'root':
    case 'blockquote':
    case 'listItem':
      return inside(node, '\n')
    case 'list': {
      const first = node.ordered === true ? (node.start ?? 1) : null
      // A year with a full stop begins a list as well.
      const number = (at: number): string => (first === null ? '' : `${first + at}. `)
      return node.children.map((item, at) => number(at) + words(item, source, depth + 1)).join('\n')
    }
    case 'paragraph':
    case 'heading':
    case 'emphasis':
    case 'strong':
    case 'delete':
    case 'link':
      return inside(node, '')
    case 'break':
      return '\n'
    case 'thematicBreak':
      return ''
    case 'image':
      return node.alt || typed(node, source)
    default:
      return typed(node, source)
  }
}
