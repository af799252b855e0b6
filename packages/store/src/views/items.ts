/**
 * From a row to what people read (spec S20): only for the entries of one page, straight from the bytes.
 *
 *     entries ⋈ feeds ⋈ bodies ─▶ payload text ─▶ Item
 *
 * @module
 */
import {
  cidDigest,
  classifyPayload,
  decodeDetached,
  type Identity,
  identityKey,
  identityOfKey,
  type Payload,
  type PayloadPlace,
  parseUtf8,
  type RawCid,
  rawCidOfDigest,
  readPayload,
} from '@effigy/core'
import type { Leaving } from '../feeds/leaving.ts'
import { digestKey, place } from '../schema.ts'
import { sortOf } from '../sort.ts'
import type { Sqlite } from '../sqlite.ts'
import type { Item } from '../store.ts'
import type { Opened } from './opened.ts'

export type ItemRow = {
  readonly id: number
  readonly feed: number
  readonly identity: Uint8Array
  readonly cid: Uint8Array
  readonly content: Uint8Array
  readonly length: number
  readonly comparable: number
  readonly seen: number
  readonly place: number
  readonly type: number
  readonly hidden_at: number | null
  /** Of a sealed entry what was inside. */
  readonly bytes: Uint8Array
  readonly sealed: number
  readonly body: Uint8Array | null
  readonly verified: number
}

/** Where a payload's text is, and in which state. */
export type PayloadText =
  | { readonly type: 'clear'; readonly text: string; readonly place: PayloadPlace }
  | { readonly type: 'encrypted' }
  | { readonly type: 'missing' }
  | { readonly type: 'fault'; readonly code: string }

export interface ItemReader {
  byId(entry: number): Item | null
  byCid(cid: RawCid): Item | null
  /** One feed's shown chain, at this length. */
  byDigest(digest: Uint8Array): Item | null
  itemOf(row: ItemRow): Item | null
  textOf(row: TextColumns): PayloadText
}

export type TextColumns = Pick<ItemRow, 'bytes' | 'sealed' | 'body' | 'content'>

export const textColumns =
  'coalesce(e.inner, e.bytes) as bytes, e.inner is not null as sealed, b.bytes as body'

export const itemColumns = `
  e.id, e.feed, f.identity, e.cid, e.content, e.length, e.comparable, e.seen, e.place, e.type, e.hidden_at,
  ${textColumns},
  coalesce((select u.last from unverified u where u.first <= e.id order by u.first desc limit 1), 0) < e.id as verified`

export const itemTables = 'entries e join feeds f on f.id = e.feed left join bodies b on b.entry = e.id'

/** A newline and 86 characters of signature behind the JSON (E2). */
const signatureLength = 87

export function createItemReader(
  db: Sqlite,
  opened: Opened,
  /** Blocks of payloads that are too large for `bodies`. */
  block: (cid: RawCid) => Uint8Array | null,
  leaving: Pick<Leaving, 'has'>,
): ItemReader {
  function textOf({ bytes, sealed, body, content }: TextColumns): PayloadText {
    const isSealed = sealed === 1
    const json = parseUtf8(bytes.subarray(0, bytes.length - signatureLength))
    // These bytes were an entry when they were stored.
    const payload = json === null ? '' : (JSON.parse(json) as { readonly payload: string }).payload
    const kind = classifyPayload(payload)
    if (kind === 'inline') return { type: 'clear', text: payload, place: { sealed: isSealed } }
    if (kind === null) return { type: 'fault', code: 'payload-kind' }
    if (kind !== 'detached') return { type: 'encrypted' }
    const bytesOfText = body ?? block(rawCidOfDigest(content))
    if (bytesOfText === null) return { type: 'missing' }
    const text = decodeDetached(bytesOfText)
    if (!text.ok) return { type: 'fault', code: text.error.code }
    return text.value.startsWith('{')
      ? { type: 'clear', text: text.value, place: { detached: true, sealed: isSealed } }
      : { type: 'encrypted' }
  }

  function stateOf(row: ItemRow): Item['state'] {
    if (isErased(row)) return { type: 'erased' }
    const found = textOf(row)
    if (found.type === 'encrypted') {
      const payload = opened.payload(row.feed, row.content)
      return payload === null ? found : { type: 'shown', payload }
    }
    if (found.type !== 'clear') return found
    // A type's number stands there because the text passed its schema on the way in.
    if (row.type > 0) return { type: 'shown', payload: JSON.parse(found.text) as Payload }
    const payload = readPayload(found.text, found.place)
    return payload.ok
      ? { type: 'shown', payload: payload.value }
      : { type: 'fault', code: payload.error.code }
  }

  function isErased(row: ItemRow): boolean {
    if (row.place === place.chain) return row.hidden_at !== null
    return (
      db.first(
        'select 1 as one from erasures where feed = ? and content = ? limit 1',
        row.feed,
        row.content,
      ) !== null
    )
  }

  function itemOf(row: ItemRow): Item | null {
    if (row.place !== place.chain && row.place !== place.loose) return null
    if (leaving.has(row.feed)) return null
    const state = stateOf(row)
    const identity = identityOfKey(row.identity)
    return {
      cid: rawCidOfDigest(row.cid),
      identity,
      length: row.length,
      comparable: row.comparable,
      sort: sortOf(row, state.type === 'shown' ? state.payload : null, identity),
      verified: row.verified === 1,
      content: rawCidOfDigest(row.content),
      state,
    }
  }

  const read = (row: ItemRow | null): Item | null => (row === null ? null : itemOf(row))

  function byDigest(digest: Uint8Array): Item | null {
    return read(
      db.first<ItemRow>(
        `select ${itemColumns} from ${itemTables} where e.key = ? and e.cid = ?`,
        digestKey(digest),
        digest,
      ),
    )
  }

  return {
    byId: (entry) =>
      read(db.first<ItemRow>(`select ${itemColumns} from ${itemTables} where e.id = ?`, entry)),
    byCid: (cid) => byDigest(cidDigest(cid)),
    byDigest,
    itemOf,
    textOf,
  }
}

/** `feeds.id`, or null when the identity was never heard of. */
export function feedIdOf(db: Sqlite, identity: Identity): number | null {
  return (
    db.first<{ id: number }>('select id from feeds where identity = ?', identityKey(identity))?.id ?? null
  )
}
