/**
 * Gives feeds to who asks for them (spec R3, R4, R7, R8).
 *
 *     getfeed ─▶ feed {base, total} ─▶ batch, newest first … under its window ─▶ batch {end}
 *
 * Open requests take turns, one batch each. Only verified entries leave, and what may
 * not be shared is answered as if it were absent.
 *
 * @module
 */
import {
  cidOfBytes,
  type Identity,
  identityOfKey,
  isRawCid,
  maxEntryBytes,
  type RawCid,
  type SignedEntry,
} from '@effigy/core'
import type { FeedState, Locator, Store } from '@effigy/store'
import type { Clock } from '../clock.ts'
import type { GetFeed } from '../messages.ts'
import { writeCids } from '../messages-bytes.ts'
import { createPace } from '../session/pace.ts'
import { encodeBatch, maxBodyBytes } from './batch.ts'
import { type Effects, type Outgoing, type Producer, takeTurns } from './effects.ts'
import { findMoved, formerLimits, lowestNamed } from './moved.ts'
import type { Sharing } from './sharing.ts'

export interface FeedSourcePorts {
  readonly store: Pick<
    Store,
    'feed' | 'entry' | 'brokenEntry' | 'entryAt' | 'serve' | 'commonLength' | 'formerChain' | 'feedKeys'
  >
  readonly clock: Pick<Clock, 'monotonic'>
  /** Who asks. */
  readonly remote: Identity
  readonly sharing: Sharing
  readonly effects: Pick<Effects, 'send' | 'wake' | 'end'>
  /** The other side asks for what is above that length. */
  onAsked(identity: Identity, above: number): void
  /** The other side asks for our highest head of that feed, whose entry is not here. */
  onLacked(identity: Identity): void
}

export interface FeedSource extends Producer {
  request(message: GetFeed, bytes: Uint8Array): void
  /** False when the request is not one of ours. */
  credit(id: number, bytes: number): boolean
  cancel(id: number): void
}

/** Any entry with its body fits: a window below could stop for ever. */
export const minWindowBytes: number = 64 * 1024

/** No use for more: it would only let one side count without end. */
const maxWindowBytes = 16 * 1024 * 1024

/** Far below the limits of R4, so that neither side works for more than some ms at one batch. */
const batchBytes: number = 160 * 1024
const batchEntries = 320

/** Requests of one session at once: twice of what a peer asks for (R10). */
const maxOpen = 64

/** Ms until one beyond that may be tried again. */
const busyRetryMs = 1_000

/**
 * What is looked up of chains that were rewritten, for one session: bytes for its open requests together, entries a second, and
 * as many at once. Beyond that a request is answered in full (T16).
 */
const maxFormerBytes: number = 2 * formerLimits.maxBytes
const formerPerSecond = 2_048
const formerBurst: number = 8 * formerLimits.maxEntries

/** Ms after which entries that are on their way, or not verified yet, may be there. */
const notYetRetryMs = 500

interface OpenRequest extends Producer {
  window: number
  /** Of the former chain that it keeps. */
  readonly formerBytes: number
}

export function createFeedSource({
  store,
  clock,
  remote,
  sharing,
  effects,
  onAsked,
  onLacked,
}: FeedSourcePorts): FeedSource {
  const open = new Map<number, OpenRequest>()
  const formerPace = createPace(formerPerSecond, formerBurst)
  let formerBytes = 0

  function close(id: number): void {
    formerBytes -= open.get(id)?.formerBytes ?? 0
    open.delete(id)
  }

  function request(message: GetFeed, bytes: Uint8Array): void {
    const { id } = message
    const identity = identityOfKey(bytes.subarray(0, 32))
    const from = cidOfBytes(bytes.subarray(32, 68))
    if (from === null || !isRawCid(from) || message.window < minWindowBytes) {
      effects.end('bad-message')
      return
    }
    if (open.size >= maxOpen) {
      effects.send({ type: 'error', re: id, code: 'busy', retry: busyRetryMs })
      return
    }
    onAsked(identity, message.length)
    const refusal = refuse(id, identity, from)
    if (refusal !== null) {
      const { message: answer } = refusal
      if (answer.type === 'error' && answer.code === 'not-yet' && store.entry(from) === null)
        onLacked(identity)
      effects.send(refusal.message, refusal.bytes)
      return
    }
    const state = store.feed(identity)
    const length = store.entry(from)?.signed.entry.length
    if (state === null || length === undefined) return
    const locator = { length: message.length, prefixes: bytes.slice(68) }
    const common = store.commonLength(identity, locator)
    const former = message.verbatim || common >= locator.length ? [] : formerChain(identity, locator, common)
    const base = Math.max(common, forkBelow(identity, former))
    const above = lowestAbove(state, length, base, message)
    effects.send({ type: 'feed', re: id, base, total: length - above })
    const request = answer(message, identity, from, length, above, former)
    formerBytes += request.formerBytes
    open.set(id, request)
    effects.wake()
  }

  /** What is answered instead of the feed; null where it can be given. */
  function refuse(id: number, identity: Identity, from: RawCid): Outgoing | null {
    const error = (code: string, retry: number | null): Outgoing => ({
      message: { type: 'error', re: id, code, retry },
      bytes: [],
    })
    const state = sharing.feed(identity) ? store.feed(identity) : null
    const top = state === null ? null : store.entry(from)
    const broken = state?.broken ?? null
    // From the broken entry on nothing stands on the chain: it is told by its name, or by that of the head above it.
    const isAbove = state?.record?.head.head === from || store.brokenEntry(from) !== null
    if (broken !== null && (top === null ? isAbove : broken.length <= top.signed.entry.length)) {
      const { length, code, cid } = broken
      return { message: { type: 'brokenat', re: id, end: true, length, code }, bytes: writeCids([cid]) }
    }
    // X22: nothing of it comes here without the key.
    if (top === null && isClosed(state)) return error('absent', null)
    // A head may be ahead of what we have fetched ourselves.
    if (top === null && state?.watched === true && (state.record !== null || state.limit?.type === 'ends'))
      return error('not-yet', notYetRetryMs)
    if (state === null || top === null || top.signed.entry.identity !== identity) return error('absent', null)
    return top.verified ? null : error('not-yet', notYetRetryMs)
  }

  const isClosed = (state: FeedState | null): boolean =>
    state?.record != null && store.feedKeys?.closed(state.identity)?.epoch === state.record.head.epoch

  /** Entries at or below this length do not go out. */
  function lowestAbove(state: FeedState, length: number, base: number, { limit, since }: GetFeed): number {
    const run = state.runs.find(({ first, last }) => first <= length && length <= last)
    let above = Math.max(base, (run?.first ?? 1) - 1, limit === null ? 0 : length - limit)
    if (since !== null) above = Math.max(above, lastBefore(state.identity, since, above, length))
    return Math.min(above, length)
  }

  /** The highest length whose comparable is less than `since`, or `low`: comparables only grow. */
  function lastBefore(identity: Identity, since: number, low: number, high: number): number {
    let below = low
    let atLeast = high + 1
    while (atLeast - below > 1) {
      const middle = Math.floor((below + atLeast) / 2)
      const entry = store.entryAt(identity, middle)
      if (entry !== null && entry.signed.entry.comparable >= since) atLeast = middle
      else below = middle
    }
    return below
  }

  /** What we know of the chain that the asker still has, newest first: only where it surely holds it itself. */
  function formerChain(identity: Identity, locator: Locator, common: number): readonly SignedEntry[] {
    const maxBytes = Math.min(formerLimits.maxBytes, maxFormerBytes - formerBytes)
    if (maxBytes <= 0 || formerPace.take(clock.monotonic(), 0) > 0) return []
    const above = Math.max(common, lowestNamed(locator) - 1)
    const chain = store.formerChain(identity, locator, { ...formerLimits, above, maxBytes })
    formerPace.take(clock.monotonic(), chain.length)
    return chain
  }

  /** Where the former chain left ours; 0 when that is not to be seen. */
  function forkBelow(identity: Identity, former: readonly SignedEntry[]): number {
    const oldest = former.at(-1)?.entry
    if (oldest === undefined || oldest.parent === null) return 0
    const below = oldest.length - 1
    return store.entryAt(identity, below)?.signed.cid === oldest.parent ? below : 0
  }

  function answer(
    { id, window, bodies, verbatim }: GetFeed,
    identity: Identity,
    from: RawCid,
    length: number,
    above: number,
    former: readonly SignedEntry[],
  ): OpenRequest {
    const old = findMoved(former)
    let next: RawCid | null = from
    let left = length - above
    const self: OpenRequest = {
      window: Math.min(window, maxWindowBytes),
      formerBytes: former.reduce((sum, { bytes }) => sum + bytes.length, 0),
      pull() {
        if (left <= 0 || next === null)
          return finish({ type: 'batch', re: id, end: true, first: 1, count: 0 })
        if (self.window < maxEntryBytes + maxBodyBytes) return null
        if (!sharing.feed(identity)) return finish({ type: 'error', re: id, code: 'absent', retry: null })
        const served = store.serve(identity, next, {
          above,
          maxEntries: Math.min(batchEntries, left),
          maxBytes: Math.min(batchBytes, self.window),
          bodies: bodies && !verbatim,
          // F14: their author may have lost them.
          hidden: identity === remote,
        })
        const oldest = served[0]?.entry.entry
        // Not verified yet, or no longer on the chain: who asks again learns which.
        if (oldest === undefined) {
          return finish({ type: 'error', re: id, code: 'not-yet', retry: notYetRetryMs })
        }
        left -= served.length
        next = oldest.parent
        const end = left <= 0 || next === null
        if (end) close(id)
        const message = { type: 'batch', re: id, end, first: oldest.length, count: served.length } as const
        const batch = encodeBatch(served, { bodies, verbatim, old })
        self.window -= batch.rebuiltBytes
        return { message, bytes: batch.bytes }
      },
    }
    function finish(message: Outgoing['message']): Outgoing {
      close(id)
      return { message, bytes: [] }
    }
    return self
  }

  return {
    request,
    credit(id, bytes) {
      const request = open.get(id)
      if (request === undefined) return false
      request.window = Math.min(request.window + bytes, maxWindowBytes)
      effects.wake()
      return true
    },
    cancel: close,
    pull: () => takeTurns(open),
  }
}
