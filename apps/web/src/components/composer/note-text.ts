/**
 * What is in a text while it is written: the name that is being typed, who is named, what it is about.
 *
 *     "Hello @Ad|"  ─namedAt▶ "Ad"        "… @Ada … #bread …" ─▶ mentions [Ada], tags [bread]
 *
 * @module
 */
import type { Mention } from '@effigy/core'

export interface NamedAt {
  /** Where its `@` stands. */
  readonly start: number
  /** What is typed of the name; may be empty. */
  readonly typed: string
}

/** Characters of a name that are looked for while somebody types. */
const maxTyped = 32

/** Of one note (P5, P10). */
const maxMentions = 32
const maxTags = 32
const maxTagBytes = 96

const encoder = new TextEncoder()

/** UTF-8, as the limit counts. */
export function byteLength(text: string): number {
  return encoder.encode(text).length
}

/** The name that is typed at the caret; null: none is. */
export function namedAt(text: string, caret: number): NamedAt | null {
  const before = text.slice(Math.max(0, caret - maxTyped - 2), caret)
  const found = /(?:^|[\s(“"'>*_])@([^\s@]*)$/u.exec(before)
  const typed = found?.[1]
  if (typed === undefined || typed.length > maxTyped) return null
  return { start: caret - typed.length - 1, typed }
}

/** The text with a whole name in place of what was typed, and where the caret stands then. */
export function withName(
  text: string,
  { start, typed }: NamedAt,
  name: string,
): { readonly text: string; readonly caret: number } {
  const behind = text.slice(start + 1 + typed.length)
  const said = `@${name}${/^\s/u.test(behind) ? '' : ' '}`
  return {
    text: text.slice(0, start) + said + behind,
    caret: start + said.length + (said.endsWith(' ') ? 0 : 1),
  }
}

/** Those of the chosen people whose name still stands in the text, each once. */
export function mentionsIn(text: string, chosen: readonly Mention[]): readonly Mention[] {
  const found: Mention[] = []
  for (const mention of chosen) {
    const isThere = text.includes(`@${mention.name}`)
    const isDouble = found.some(({ name }) => name === mention.name)
    if (isThere && !isDouble && found.length < maxMentions) found.push(mention)
  }
  return found
}

/** As typed, without `#`, each once. */
export function tagsIn(text: string): readonly string[] {
  const found = new Map<string, string>()
  for (const [, tag = ''] of text.matchAll(/(?:^|[\s(])#([\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*)/gu)) {
    const isOnlyNumber = /^\d+$/.test(tag)
    if (isOnlyNumber || byteLength(tag) > maxTagBytes || found.size >= maxTags) continue
    const key = tag.toLocaleLowerCase()
    if (!found.has(key)) found.set(key, tag)
  }
  return [...found.values()]
}
