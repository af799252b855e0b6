/**
 * Feeds for tests. The store never checks signatures itself, so these are made from a hash:
 * fast, and the same in every run.
 *
 * @module
 */
import {
  assembleEntry,
  type Entry,
  type HeadRecord,
  type Identity,
  identityOfKey,
  type Link,
  type RawCid,
  type SignedEntry,
  type SynodRef,
  writeEntryJson,
} from '@effigy/core'
import { createNobleCrypto } from '@effigy/crypto/noble'
import type { AttestedRun } from '../src/index.ts'

/** Not the medium's: processes and figures outside of a test runner make feeds too. */
export const { sha256 } = createNobleCrypto()

export function testIdentity(name: string): Identity {
  return identityOfKey(sha256(new TextEncoder().encode(name)))
}

export interface EntryDraft {
  readonly payload: string
  readonly comparable?: number
  readonly synod?: SynodRef | null
  readonly links?: readonly Link[]
}

export function note(text: string, at = 1): string {
  return JSON.stringify({ type: 'public_note', at, text })
}

/** Entries above `below`, oldest first. `variant` makes other signatures, and so other CIDs, of the same contents. */
export function extend(
  identity: Identity,
  below: readonly SignedEntry[],
  drafts: readonly (EntryDraft | string)[],
  variant = '',
): SignedEntry[] {
  const chain = [...below]
  for (const given of drafts) {
    const draft = typeof given === 'string' ? { payload: note(given) } : given
    const parent = chain.at(-1) ?? null
    const length = (parent?.entry.length ?? 0) + 1
    const entry: Entry = {
      identity,
      parent: parent?.cid ?? null,
      length,
      comparable: draft.comparable ?? (parent?.entry.comparable ?? 1000) + 10,
      synod: draft.synod ?? null,
      links: draft.links ?? [],
      payload: draft.payload,
    }
    chain.push(fakeSign(entry, variant))
  }
  return chain
}

/** An entry as it stands, rules or not. */
export function fakeSign(entry: Entry, variant = ''): SignedEntry {
  const text = variant + writeEntryJson(entry)
  return assembleEntry(entry, madeSignature(text), sha256)
}

export function testFeed(identity: Identity, count: number, prefix = 'note'): SignedEntry[] {
  return extend(
    identity,
    [],
    Array.from({ length: count }, (_, index) => `${prefix} ${index + 1}`),
  )
}

export function headOf(chain: readonly SignedEntry[], epoch = 1): HeadRecord {
  const top = chain.at(-1) as SignedEntry
  const { identity, length, comparable } = top.entry
  const bytes = chain.reduce((sum, entry) => sum + entry.bytes.length, 0)
  const head = { identity, epoch, length, comparable, bytes, head: top.cid }
  return { head, signature: madeSignature(`${epoch} ${length} ${top.cid}`) }
}

/** 64 bytes. */
function madeSignature(text: string): Uint8Array {
  const half = sha256(new TextEncoder().encode(text))
  return new Uint8Array([...half, ...sha256(half)])
}

export function runOf(
  entries: readonly SignedEntry[],
  bodies: ReadonlyMap<RawCid, Uint8Array> = new Map(),
): AttestedRun {
  return { identity: (entries[0] as SignedEntry).entry.identity, entries, bodies }
}
