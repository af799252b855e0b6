/**
 * The first message for somebody who may not listen to us, as it is left in a drop box (spec Q27).
 *
 *     message ─knockOf▶ { type: 'message', content, at, text, name, people } ─drop▶ readKnock
 *
 * @module
 */
import {
  type Account,
  type Identity,
  type Json,
  type JsonObject,
  maxConversationPeople,
  parseIdentity,
  parseRawCid,
  parseRoot,
  type RawCid,
} from '@effigy/core'

/** Of a drop's payload. */
export const knockType = 'message'

/** UTF-16 code units of the text and of the name; the rest comes with the message itself. */
export const maxKnockText = 2_000
const maxKnockName = 96

export interface Knock {
  /** Of the message, in its author's feed. */
  readonly content: RawCid
  /** Its author's claim, ms. */
  readonly at: number
  /** The beginning of it. */
  readonly text: string
  /** What its author calls themselves; null: nothing. */
  readonly name: string | null
  /** All to whom it was written. */
  readonly people: readonly Account[]
}

export function knockOf({ content, at, text, name, people }: Knock): JsonObject {
  return {
    type: knockType,
    content,
    at,
    text: cut(text, maxKnockText),
    name: name === null ? null : cut(name, maxKnockName),
    people: people.map(({ identity, root }) => [identity, root]),
  }
}

/** Null: it is none. */
export function readKnock(payload: JsonObject): Knock | null {
  const { type, content: named, at, text, name, people: listed } = payload
  const content = typeof named === 'string' ? parseRawCid(named) : null
  if (type !== knockType || content === null || typeof at !== 'number' || at < 0) return null
  if (typeof text !== 'string' || text.length > maxKnockText) return null
  if (name !== null && (typeof name !== 'string' || name.length > maxKnockName)) return null
  if (!Array.isArray(listed) || listed.length > maxConversationPeople) return null
  const people = listed.flatMap((each) => accountIn(each) ?? [])
  if (people.length !== listed.length || people.length === 0) return null
  return { content, at, text, name, people }
}

function accountIn(value: Json): Account | null {
  const [first, second] = Array.isArray(value) ? value : []
  const identity: Identity | null = typeof first === 'string' ? parseIdentity(first) : null
  const root = typeof second === 'string' ? parseRoot(second) : null
  if (identity === null || (second !== null && root === null)) return null
  return { identity, root }
}

/** Never through the middle of a character that takes two units. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text
  const end = text.charCodeAt(length - 1)
  return text.slice(0, end >= 0xd800 && end <= 0xdbff ? length - 1 : length)
}
