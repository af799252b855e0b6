/**
 * Checks signatures behind the sync: what is attested becomes verified (spec F8, S6).
 *
 *     store.unverified() ─▶ checks ─verify (threads)▶ verdicts ─▶ store.settle()
 *
 * One for a whole peer. Nothing is remembered but in the store, so it goes on where it
 * was after any stop. While one batch is checked the next is read.
 *
 * @module
 */
import {
  identityKey,
  parseBase64url,
  parseIdentity,
  parseUtf8,
  recordMessage,
  type SignatureCheck,
  signatureTextLength,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { PendingEntry, Store } from '@effigy/store'
import type { Clock } from '../clock.ts'
import { createSlices } from './slices.ts'

export interface VerifyBehindPorts {
  readonly store: Pick<Store, 'unverified' | 'unverifiedCount' | 'settle' | 'watch'>
  /** `crypto.verify`, or a pool of threads. */
  readonly verify: Crypto['verify']
  readonly clock: Clock
  /** After each batch: entries whose signatures were checked since the start. */
  readonly onProgress?: (progress: VerifyProgress) => void
}

export interface VerifyProgress {
  readonly checked: number
  readonly left: number
}

/** Entries read at a time: 1.3 MB at most on the way to the threads, twice that in all. */
const batchLength = 2048

/** Verdicts stored in one transaction: some ms. */
const settleLength = 512

/** Checks whatever waits, and whatever comes, until the signal; then rejects with its reason. */
export async function verifyBehind(ports: VerifyBehindPorts, signal: AbortSignal): Promise<never> {
  const { store, verify, clock, onProgress } = ports
  const slices = createSlices(clock)
  let checked = 0
  let wake = () => {}
  using _watching = store.watch(({ feeds }) => {
    if (feeds.size > 0) wake()
  })
  signal.addEventListener('abort', () => wake(), { once: true })

  /** The next batch that is not under way, already being checked; null when there is none. */
  function begin(underWay: ReadonlySet<number>): Batch | null {
    const entries = store
      .unverified(batchLength + underWay.size)
      .filter(({ id }) => !underWay.has(id))
      .slice(0, batchLength)
    if (entries.length === 0) return null
    const verdicts = verify(entries.map(entryCheckOf))
    // Awaited later; a failure in between is not unhandled.
    verdicts.catch(() => {})
    return { entries, verdicts }
  }

  async function settle({ entries, verdicts }: Batch): Promise<void> {
    const valid = await verdicts
    for (let at = 0; at < entries.length; at += settleLength) {
      signal.throwIfAborted()
      const part = entries.slice(at, at + settleLength)
      store.settle(part.map(({ id }, index) => ({ id, valid: valid[at + index] === true })))
      await slices.rest()
    }
    checked += entries.length
    onProgress?.({ checked, left: store.unverifiedCount() })
  }

  let current = begin(new Set())
  for (;;) {
    signal.throwIfAborted()
    if (current === null) {
      const woken = Promise.withResolvers<void>()
      wake = woken.resolve
      current = begin(new Set())
      if (current === null) await woken.promise
      continue
    }
    await slices.rest()
    const next = begin(new Set(current.entries.map(({ id }) => id)))
    await settle(current)
    current = next
  }
}

interface Batch {
  readonly entries: readonly PendingEntry[]
  readonly verdicts: Promise<readonly boolean[]>
}

/** Where the identity stands in every entry (E2): behind `{"v":1,"identity":"`. */
const identityAt = 19
const identityLength = 56

/** The check of an entry that was judged already, so that its JSON need not be read again. */
function entryCheckOf({ bytes }: PendingEntry): SignatureCheck {
  const identity = parseIdentity(parseUtf8(bytes.subarray(identityAt, identityAt + identityLength)) ?? '')
  const signature = parseBase64url(parseUtf8(bytes.subarray(bytes.length - signatureTextLength)) ?? '')
  return {
    publicKey: identity === null ? new Uint8Array(0) : identityKey(identity),
    message: recordMessage('entry', bytes),
    signature: signature ?? new Uint8Array(0),
  }
}
