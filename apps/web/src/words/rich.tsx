/**
 * A text with parts that are more than text: `You follow <who/>, <link>see them all</link>.`
 *
 * What is put in never becomes a part: the text is cut first, and then filled.
 *
 * @module
 */
import { cloneElement, Fragment, type ReactElement, type ReactNode } from 'react'
import type { KeyOf, Texts, Words } from './define.ts'
import { useWords, type Values } from './use-words.ts'

export interface RichProps<English extends Texts> {
  readonly words: Words<English>
  readonly name: KeyOf<English>
  /** By the name of their tag; what stands between the tags becomes their children. */
  readonly parts: Readonly<Record<string, ReactElement>>
  readonly values?: Values
}

export function Rich<English extends Texts>({
  words,
  name,
  parts,
  values = {},
}: RichProps<English>): ReactNode {
  const t = useWords(words)
  const text = t(name, { ...values, skipInterpolation: true } as unknown as Values)
  return cut(text).map((piece, at) => {
    const key = `${at}:${piece.tag ?? ''}`
    const said = fill(piece.text, values)
    const part = piece.tag === null ? undefined : parts[piece.tag]
    if (part === undefined) return <Fragment key={key}>{said}</Fragment>
    return piece.text === ''
      ? cloneElement(part, { key })
      : cloneElement(part as ReactElement<{ children?: ReactNode }>, { key }, said)
  })
}

export interface Piece {
  /** Null: plain text. */
  readonly tag: string | null
  readonly text: string
}

/** Tags do not stand inside each other. */
export function cut(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(/<(\w+)\/>|<(\w+)>(.*?)<\/\2>/gs)) {
    if (match.index > end) pieces.push({ tag: null, text: text.slice(end, match.index) })
    pieces.push({ tag: match[1] ?? match[2] ?? null, text: match[3] ?? '' })
    end = match.index + match[0].length
  }
  if (end < text.length) pieces.push({ tag: null, text: text.slice(end) })
  return pieces
}

function fill(text: string, values: Values): string {
  return text.replace(/\{\{(\w+)\}\}/g, (match, name: string) => String(values[name] ?? match))
}
