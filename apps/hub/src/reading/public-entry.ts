/**
 * What of somebody's entries is for everybody (spec W32): in the clear, proven, shown, and of a kind that is written for all.
 *
 * @module
 */
import { type Payload, parseRawCid } from '@effigy/core'
import type { Item, Store } from '@effigy/store'

export interface PublicEntry {
  readonly payload: Payload
  /** As it was signed. */
  readonly bytes: Uint8Array
  /** Where the text stands beside its entry, that text; null: it stands inside. */
  readonly body: Uint8Array | null
}

/** Notes that are answers of one person to another are read as such; whatever decides trust is not shown at all. */
export const noteTypes: ReadonlySet<string> = new Set([
  'public_note',
  'comment',
  'image',
  'media',
  'collection',
])

/** Null: not for everybody, not checked yet, or not here. */
export function publicEntry(
  store: Pick<Store, 'entry' | 'block'>,
  item: Item | null,
  types: ReadonlySet<string>,
): PublicEntry | null {
  if (item === null || !item.verified || item.state.type !== 'shown') return null
  const { payload } = item.state
  if (!types.has(payload.type)) return null
  const stored = store.entry(item.cid)
  // What was opened here was sealed for some.
  if (stored === null || stored.signed.sealed !== undefined) return null
  const text = stored.signed.entry.payload
  const block = parseRawCid(text)
  const body = block === null ? null : (stored.body ?? store.block(block))
  const isClear = block === null ? text.startsWith('{') : body !== null && body[0] === 0x7b
  return isClear ? { payload, bytes: stored.signed.bytes, body } : null
}
