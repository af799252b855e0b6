/**
 * What the signs in a text of people mean: the subset of Markdown that rich-text.tsx shows and plain-text.ts reads.
 *
 * @module
 */
import type { Nodes, Root } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmAutolinkLiteralFromMarkdown } from 'mdast-util-gfm-autolink-literal'
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough'
import { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal'
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough'

/** Nested quotes and lists beyond it are shown as text: nobody means them, and they are slow. */
export const maxDepth = 8

export function saidTree(text: string): Root {
  return fromMarkdown(text, {
    extensions: [gfmAutolinkLiteral(), gfmStrikethrough({ singleTilde: false })],
    mdastExtensions: [gfmAutolinkLiteralFromMarkdown(), gfmStrikethroughFromMarkdown()],
  })
}

/** As it was typed. */
export function typed({ position }: Nodes, source: string): string {
  const { start, end } = position ?? {}
  return source.slice(start?.offset ?? 0, end?.offset ?? 0)
}
