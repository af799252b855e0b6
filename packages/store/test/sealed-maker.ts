/**
 * Sealed feeds for tests: entries as `feed-maker` makes them, under a feed read key.
 *
 * @module
 */
import type { Entry, Identity, SignedEntry } from '@effigy/core'
import { createNobleCrypto } from '@effigy/crypto/noble'
import { sealWith } from '../src/feed-keys/index.ts'
import { type EntryDraft, fakeSign, note } from './feed-maker.ts'

export const crypto = createNobleCrypto()

export const feedKey = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)

/** As `extend`, each sealed under `key`; with null it is not sealed. `change` makes the last one odd inside. */
export function extendSealed(
  identity: Identity,
  below: readonly SignedEntry[],
  drafts: readonly (EntryDraft | string)[],
  key: Uint8Array | null,
  change: Partial<Entry> = {},
): SignedEntry[] {
  const chain = [...below]
  for (const [at, given] of drafts.entries()) {
    const draft = typeof given === 'string' ? { payload: note(given) } : given
    const parent = chain.at(-1) ?? null
    const bare = fakeSign({
      identity,
      parent: parent?.cid ?? null,
      length: (parent?.entry.length ?? 0) + 1,
      comparable: draft.comparable ?? (parent?.entry.comparable ?? 1000) + 10,
      synod: draft.synod ?? null,
      links: draft.links ?? [],
      payload: draft.payload,
      ...(at === drafts.length - 1 ? change : {}),
    })
    chain.push(key === null ? bare : sealWith(key, crypto)(bare))
  }
  return chain
}
