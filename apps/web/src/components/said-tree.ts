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

/** Nested quotes and lists beyond it are shown as text: nobody means them. */
export const maxDepth = 8

/** Of texts that are short enough, and do not mean too much at once, for a phone to read in a moment; others are one plain paragraph. */
export function saidTree(text: string): Root {
  if (!isReadable(text)) return plainTree(text)
  try {
    return fromMarkdown(text, {
      extensions: [gfmAutolinkLiteral(), gfmStrikethrough({ singleTilde: false })],
      mdastExtensions: [gfmAutolinkLiteralFromMarkdown(), gfmStrikethroughFromMarkdown()],
    })
  } catch {
    // A reader that gives up is no reason to show nothing.
    return plainTree(text)
  }
}

/** UTF-16 units: some 5,000 words. */
const mostUnits = 32 * 1024
const mostLines = 2_000
const mostSigns = 2_000
/** Each that might end an emphasis is held against each that might begin it. */
const mostEmphasis = 200
/** Quotes and lists that one line begins: each of them is a call within a call. */
const mostContainers = 2 * maxDepth

const signs = /[*_~`[\]<>#\\]/g
const emphasis = /\*+|_+|~+/g
const containers = /^(?:[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)))+/gm
const container = />|[-+*]|\d+[.)]/g
const lineEnds = /\r\n?|\n/g
const paragraphs = /(?:\r\n?|\n)[ \t]*(?:\r\n?|\n)/

/** The reader takes more than twice as long for twice as many signs: a note of 40,000 characters could hold a phone for minutes. */
function isReadable(text: string): boolean {
  if (text.length > mostUnits || countOf(text, lineEnds) > mostLines || countOf(text, signs) > mostSigns)
    return false
  if (text.split(paragraphs).some((paragraph) => countOf(paragraph, emphasis) > mostEmphasis)) return false
  return !Array.from(text.matchAll(containers), ([marks]) => countOf(marks, container)).some(
    (count) => count > mostContainers,
  )
}

const countOf = (text: string, what: RegExp): number => text.match(what)?.length ?? 0

function plainTree(text: string): Root {
  return { type: 'root', children: [{ type: 'paragraph', children: [{ type: 'text', value: text }] }] }
}

/** As it was typed. */
export function typed({ position }: Nodes, source: string): string {
  const { start, end } = position ?? {}
  return source.slice(start?.offset ?? 0, end?.offset ?? 0)
}
