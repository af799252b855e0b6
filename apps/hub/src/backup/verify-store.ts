/**
 * Whether what a hub keeps is what it should be (spec S27): every byte against its name, every chain, every promise.
 *
 *     entries, texts, blocks ─hash▶ named so?    feed ─parent▶ … unbroken up to its head?    lease ─▶ all of it here?
 *
 * @module
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type ChainPoint,
  chainPoint,
  decodeLease,
  EffigyError,
  type HeadRecord,
  headCheck,
  type Identity,
  judgeLink,
  shortName,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Damage, FeedState, Progress, Store, StoredEntry } from '@effigy/store'

export interface StoreReport {
  readonly feeds: number
  /** On unbroken chains. */
  readonly entries: number
  readonly blocks: number
  readonly leases: number
  readonly damage: readonly Damage[]
  readonly chains: readonly ChainFault[]
  readonly promises: readonly PromiseFault[]
}

export interface ChainFault {
  readonly feed: Identity
  readonly length: number
  /** A rule of feeds (F2-F6), `absent`: an entry is not here that should be, `unreadable`, or `head-signature`. */
  readonly code: string
}

/** `unreadable`: the promise itself. `not-held`: not all that it covers is here. */
export interface PromiseFault {
  readonly feed: Identity
  readonly code: 'unreadable' | 'not-held'
}

export interface VerifyOptions {
  readonly signal: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

/** Entries between two turns of the event loop. */
const entriesPerTurn = 512

/** Head records whose signatures are checked at once. */
const headsPerStep = 256

export const isSound = ({ damage, chains, promises }: StoreReport): boolean =>
  damage.length + chains.length + promises.length === 0

/** Changes nothing. Throws what the store throws, and the signal's reason. */
export async function verifyStore(
  store: Store,
  crypto: Crypto,
  { signal, onProgress }: VerifyOptions,
): Promise<StoreReport> {
  const damage = await store.check({ signal, ...(onProgress === undefined ? {} : { onProgress }) })
  const chains: ChainFault[] = []
  let feeds = 0
  let entries = 0
  let steps = 0
  const heads: HeadRecord[] = []
  for (const state of store.feeds()) {
    feeds++
    for (const fault of walkFeed(store, state)) {
      if (fault === null) entries++
      else chains.push(fault)
      if (++steps % entriesPerTurn > 0) continue
      signal.throwIfAborted()
      await nextTurn()
    }
    if (state.record !== null) heads.push(state.record)
  }
  for (let at = 0; at < heads.length; at += headsPerStep) {
    signal.throwIfAborted()
    const some = heads.slice(at, at + headsPerStep)
    const valid = await crypto.verify(some.map(headCheck))
    for (const [index, { head }] of some.entries()) {
      if (valid[index] !== true)
        chains.push({ feed: head.identity, length: head.length, code: 'head-signature' })
    }
  }
  const leased = store.leases?.feeds() ?? []
  const promises = leased.flatMap((feed) => brokenPromise(store, feed) ?? [])
  return { feeds, entries, blocks: store.blobUsage().blocks, leases: leased.length, damage, chains, promises }
}

/** Null for each entry that continues its chain. What the hub knows to be broken, or disputed, is not judged again. */
function* walkFeed(store: Store, state: FeedState): Iterable<ChainFault | null> {
  const { identity, runs, broken, disputedAbove } = state
  const top = Math.min(
    (broken?.length ?? Number.MAX_SAFE_INTEGER) - 1,
    disputedAbove ?? Number.MAX_SAFE_INTEGER,
  )
  for (const { first, last } of runs) {
    let below: ChainPoint | null | undefined = first === 1 ? null : undefined
    for (let length = first; length <= Math.min(last, top); length++) {
      const stored = readEntry(store, identity, length)
      if (typeof stored === 'string' || stored === null) {
        yield { feed: identity, length, code: stored ?? 'absent' }
        below = undefined
        continue
      }
      const { signed } = stored
      const fault = below === undefined ? null : judgeLink(identity, below, signed)
      yield fault === null ? null : { feed: identity, length, code: fault.code }
      below = chainPoint(signed)
    }
  }
}

/** Bytes that are no entry any more are a finding, and no reason to stop. */
function readEntry(store: Store, identity: Identity, length: number): StoredEntry | 'unreadable' | null {
  try {
    return store.entryAt(identity, length)
  } catch (cause) {
    if (cause instanceof EffigyError && cause.code === 'storage-damaged') return 'unreadable'
    throw cause
  }
}

function brokenPromise(store: Store, feed: Identity): PromiseFault | null {
  const lease = store.leases?.get(feed) ?? null
  if (lease === null) return null
  const decoded = decodeLease(lease.record)
  if (!decoded.ok || decoded.value.claim.for !== feed) return { feed, code: 'unreadable' }
  return (store.leaseCover?.(decoded.value.claim) ?? null) === null ? { feed, code: 'not-held' } : null
}

/** For people: counts, then what is wrong, a line each, `most` of them. Names are short (T22). */
export function reportText(report: StoreReport, most = 50): readonly string[] {
  const { feeds, entries, blocks, leases, damage, chains, promises } = report
  const wrong = [
    ...damage.map(({ kind, cid, identity }) => {
      const whose = identity === null ? '' : ` of ${shortName(identity)}`
      return `damaged: ${kind} ${cid}${whose}`
    }),
    ...chains.map(({ feed, length, code }) => `chain of ${shortName(feed)} broken at ${length}: ${code}`),
    ...promises.map(({ feed, code }) => `promise to keep ${shortName(feed)}: ${code}`),
  ]
  const more = wrong.length > most ? [`and ${wrong.length - most} more`] : []
  return [
    `${feeds} feeds, ${entries} entries, ${blocks} blocks, ${leases} promises looked at.`,
    ...wrong.slice(0, most),
    ...more,
    wrong.length === 0 ? 'Everything is as it should be.' : `${wrong.length} things are wrong.`,
  ]
}
