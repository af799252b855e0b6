/**
 * What a thief does who keeps no rule: signs anything with stolen keys, and serves it from a store that heard of no
 * account.
 *
 *     stolen seed ─forge▶ chain and head record ─accomplice▶ a peer that tells them to everybody who connects
 */
import {
  type Entry,
  type HeadRecord,
  identityOfKey,
  type JsonObject,
  type Payload,
  type SignedEntry,
  signEntry,
  signHead,
  writeStrictJson,
} from '@effigy/core'
import { openNodeStore } from '@effigy/store/node'
import { wholeFeed } from '../src/relations.ts'
import { type TestPeer, testCrypto, type World } from './world.ts'

export interface Forged {
  readonly record: HeadRecord
  readonly entries: readonly SignedEntry[]
}

export interface ForgeOptions {
  /** 1 when omitted. */
  readonly epoch?: number
  /** What stays; nothing when omitted. */
  readonly below?: readonly SignedEntry[]
  /** Of the first new entry: the least there may be when omitted, so as old as it can look. */
  readonly comparable?: number
  readonly synod?: Entry['synod']
}

/** The last epoch there is (H1). */
export const lastEpoch: number = 2 ** 31

/** A feed of whoever has that key, valid in itself. */
export async function forge(
  seed: Uint8Array,
  payloads: readonly Payload[],
  { epoch = 1, below = [], comparable = 1, synod = null }: ForgeOptions = {},
): Promise<Forged> {
  const signer = await testCrypto.signer(seed)
  const identity = identityOfKey(signer.publicKey)
  const entries = [...below]
  for (const payload of payloads) {
    const top = entries.at(-1)
    const entry: Entry = {
      identity,
      parent: top?.cid ?? null,
      length: entries.length + 1,
      comparable: Math.max(comparable, (top?.entry.comparable ?? 0) + 1),
      synod,
      links: [],
      payload: writeStrictJson(payload as unknown as JsonObject),
    }
    entries.push(await signEntry(entry, signer, testCrypto.sha256))
  }
  const { cid: head, entry } = entries.at(-1) as SignedEntry
  const bytes = entries.reduce((sum, each) => sum + each.bytes.length, 0)
  const { length, comparable: newest } = entry
  const record = await signHead({ identity, epoch, length, comparable: newest, bytes, head }, signer)
  return { record, entries }
}

/** The chain of a feed as somebody holds it, oldest first. */
export const chainOf = ({ store }: TestPeer, identity: Entry['identity']): readonly SignedEntry[] =>
  Array.from(store.chain(identity), ({ signed }) => signed)

/** Tells what was forged, one version of each feed, and nothing else. */
export async function accomplice(
  world: World,
  name: string,
  ...forged: readonly Forged[]
): Promise<TestPeer> {
  const store = openNodeStore(':memory:', { sha256: testCrypto.sha256, now: world.clock.now })
  for (const { record, entries } of forged) {
    const { identity } = record.head
    store.watchFeed(identity, wholeFeed)
    store.acceptHead(record, { force: true })
    store.appendRun({ identity, entries, bodies: new Map() })
  }
  store.settle(store.unverified(10_000).map(({ id }) => ({ id, valid: true })))
  return world.add(name, { store })
}
