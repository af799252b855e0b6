/**
 * Checks signatures behind the sync: what is attested becomes verified (spec F8, S6).
 *
 *     store.unverified() ─▶ checks ─verify (threads)▶ verdicts ─▶ store.settle()
 *
 * States of accounts have signatures inside, which come before all that waits (spec S31).
 *
 * One for a whole peer. Nothing is remembered but in the store, so it goes on where it
 * was after any stop. While one batch is checked the next is read.
 *
 * @module
 */
import { judgedEntryCheck } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { Clock } from '../clock.ts'
import { restOfTurn } from '../session/shared-turns.ts'

export interface VerifyBehindPorts {
  readonly store: Pick<Store, 'unverified' | 'unverifiedCount' | 'settle' | 'watch' | 'synods'>
  readonly verify: Crypto['verify']
  /** The signatures of entries as they are, by a pool of threads that cuts them apart itself; else `verify` is asked. */
  readonly verifyEntries?: (entries: readonly Uint8Array[]) => Promise<readonly boolean[]>
  /** Entries that keep coming are stored first: many signatures wait for a pause, or for `mostRestMs`. */
  readonly rests?: boolean
  readonly clock: Clock
  /** After each batch: entries whose signatures were checked since the start. */
  readonly onProgress?: (progress: VerifyProgress) => void
}

export interface VerifyProgress {
  readonly checked: number
  readonly left: number
}

/** Entries read at a time, and settled in one transaction: some ms each, a few parts for the threads. */
const batchLength = 1_024

/** So many are checked at once, whatever else comes: they hold nothing up. */
const fewEntries = 512

/** States whose inner signatures are checked at a time: some 60 signatures each at most. */
const maxStates = 8

/** Ms without new entries, after which nothing more seems to come. A long sync tells of one every 300 ms. */
const quietMs = 400

/** Ms for which many signatures wait for that: who never stops sending keeps nobody's from being checked. */
const mostRestMs = 10_000

/** Batches being checked at once: the threads never wait, and some 2 MB are under way. */
const maxBatches = 3

/** Checks whatever waits, and whatever comes, until the signal; then rejects with its reason. */
export async function verifyBehind(ports: VerifyBehindPorts, signal: AbortSignal): Promise<never> {
  const { store, verify, clock, onProgress, rests = false } = ports
  const verifyEntries = ports.verifyEntries ?? ((entries) => verify(entries.map(judgedEntryCheck)))
  const underWay: Batch[] = []
  let checked = 0
  /** Everything up to this id is settled or under way. */
  let last = 0
  let wake = () => {}
  /** Entries that ever waited here, and when there were more of them. */
  let came = store.unverifiedCount()
  let cameMs = clock.monotonic()
  /** Since when more than a few wait; null while there are less. */
  let manySinceMs: number | null = null
  /** States were checked in the last turn: this one is that of entries, however many states wait. */
  let hasProven = false
  using _watching = store.watch(({ feeds, synods }) => {
    const now = checked + store.unverifiedCount()
    if (now > came) cameMs = clock.monotonic()
    came = now
    if (feeds.size > 0 || (synods?.size ?? 0) > 0) wake()
  })
  const abort = (): void => wake()
  signal.addEventListener('abort', abort, { once: true })

  /** False when nothing waits. */
  function begin(): boolean {
    const entries = store.unverified(batchLength, last)
    const newest = entries.at(-1)
    if (newest === undefined) return false
    last = newest.id
    const verdicts = verifyEntries(entries.map(({ bytes }) => bytes))
    // Awaited later; a failure in between is not unhandled.
    verdicts.catch(() => {})
    // Their bytes are let go as soon as they are packed.
    underWay.push({ ids: entries.map(({ id }) => id), verdicts })
    return true
  }

  /** Ms for which entries are not to be looked at. */
  function restMs(): number {
    if (!rests || store.unverifiedCount() <= fewEntries) {
      manySinceMs = null
      return 0
    }
    const nowMs = clock.monotonic()
    manySinceMs ??= nowMs
    return Math.max(0, Math.min(cameMs + quietMs, manySinceMs + mostRestMs) - nowMs)
  }

  /** Until a change, at most so long. */
  async function pause(ms: number): Promise<void> {
    const woken = Promise.withResolvers<void>()
    wake = woken.resolve
    // Aborted before: nobody would wake us.
    signal.throwIfAborted()
    using _timer = clock.after(ms, woken.resolve)
    await woken.promise
  }

  /** False when no state waits. */
  async function prove(): Promise<boolean> {
    const states = store.synods?.unproven(maxStates) ?? []
    if (states.length === 0) return false
    const verdicts = await verify(states.flatMap(({ checks }) => checks))
    signal.throwIfAborted()
    let at = 0
    const settled = states.map(({ cid, checks }) => {
      const own = verdicts.slice(at, at + checks.length)
      at += checks.length
      return { cid, valid: own.length === checks.length && own.every((verdict) => verdict) }
    })
    store.synods?.settleProofs(settled)
    onProgress?.({ checked, left: store.unverifiedCount() })
    return true
  }

  async function settle({ ids, verdicts }: Batch): Promise<void> {
    const valid = await verdicts
    signal.throwIfAborted()
    // First: who watches the store hears of it while it settles.
    checked += ids.length
    store.settle(ids.map((id, index) => ({ id, valid: valid[index] === true })))
    onProgress?.({ checked, left: store.unverifiedCount() })
  }

  try {
    for (;;) {
      signal.throwIfAborted()
      await restOfTurn(clock)
      const isForEntries: boolean = hasProven
      hasProven = !isForEntries && (await prove())
      if (hasProven) continue
      const waitMs = restMs()
      if (waitMs === 0 && underWay.length < maxBatches && begin()) continue
      const oldest = underWay.shift()
      if (oldest !== undefined) {
        await settle(oldest)
        continue
      }
      if (isForEntries) continue
      if (waitMs > 0) {
        await pause(waitMs)
        continue
      }
      const woken = Promise.withResolvers<void>()
      wake = woken.resolve
      // From the start again: what could not be settled then may be there still.
      last = 0
      // Aborted while we rested: nobody would wake us.
      signal.throwIfAborted()
      if (!begin() && (store.synods?.unproven(1).length ?? 0) === 0) await woken.promise
    }
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

interface Batch {
  readonly ids: readonly number[]
  readonly verdicts: Promise<readonly boolean[]>
}
