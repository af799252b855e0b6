/**
 * Batches that came, on their way into the store: many in one transaction, each rebuilt when its turn has come
 * (spec R6).
 *
 *     batch ─add▶ waits as it came ─flush▶ rebuild, prove ─▶ store ─▶ the same memory for the next
 *                                          └ 20 ms a turn ┘     └ 4 MB, 300 ms, or nothing more comes: commit
 *
 * What waits is bounded by the windows of those who ask, as bytes of batches. SQLite rewrites the same pages of its
 * indexes in each transaction, so one transaction takes what several turns have stored.
 *
 * @module
 */
import { type Entry, entryCheck, type Identity, type Sha256, type SignedEntry } from '@effigy/core'
import type { AppendOutcome, AttestedRun, Store, Unseal } from '@effigy/store'
import type { Clock } from '../clock.ts'
import { freeBytes } from '../free-bytes.ts'
import { createAppendPace } from './append-pace.ts'
import type { Effects } from './effects.ts'
import { type Arrived, type Fetch, type FetchFault, letGo, rebuildArrived } from './feed-fetch.ts'
import { createChunks } from './rebuild.ts'
import { changesTrust } from './urgent.ts'

export interface FeedAppenderPorts {
  readonly store: Pick<
    Store,
    | 'feed'
    | 'rewind'
    | 'appendRuns'
    | 'appendEach'
    | 'finishAppending'
    | 'entryAt'
    | 'formerAt'
    | 'settleEntries'
  >
  readonly sha256: Sha256
  readonly unseal: Unseal
  readonly effects: Pick<Effects, 'verify' | 'soon' | 'after'>
  readonly clock: Pick<Clock, 'monotonic'>
}

export interface FeedAppender {
  /** Enough waits for a transaction. */
  isDue(): boolean
  add(arrived: Arrived): void
  /**
   * Stores all that waits, and tells what came of it, in the order it came. With `more` to come it is committed with
   * that, before long.
   */
  flush(more?: boolean): readonly Appended[]
  /** Commits what is stored. */
  commit(): void
  /** Hides what the new chain leaves, once; nothing before the source has told where that begins. */
  rewind(fetch: Fetch): void
}

export type Appended =
  /** `bytes`: rebuilt ones, what a credit gives back. */
  | {
      readonly type: 'stored'
      readonly fetch: Fetch
      readonly bytes: number
      readonly outcome: AppendOutcome
    }
  /** Of this feed nothing more was looked at. */
  | { readonly type: 'failed'; readonly fetch: Fetch; readonly fault: FetchFault }

/** Rebuilt bytes in one transaction: to commit them, and copy the log behind it, takes some 40 ms. */
const maxUncommittedBytes: number = 4 * 1024 * 1024
/** Ms. For so long others do not hear of what is stored. Where the machine is busy a shorter time makes many small transactions. */
const maxUncommittedMs = 300

export function createFeedAppender(ports: FeedAppenderPorts): FeedAppender {
  const { store, sha256, unseal, effects, clock } = ports
  const pace = createAppendPace(clock)
  /** Only a store that keeps no view of what it is given may be given the same memory again. */
  const chunks = store.appendEach === undefined ? null : createChunks()
  let waiting: Arrived[] = []
  let waitingBytes = 0
  let uncommittedBytes = 0
  /** Set while something is not committed. */
  let deadline: Disposable | null = null

  const appendAll = (runs: Iterable<AttestedRun>, stays: boolean): readonly AppendOutcome[] =>
    store.appendEach?.(runs, { stays }) ?? store.appendRuns([...runs])

  function commit(): void {
    deadline?.[Symbol.dispose]()
    deadline = null
    uncommittedBytes = 0
    store.finishAppending?.()
  }

  /** In a turn of its own, or before long. */
  function commitLater(bytes: number): void {
    uncommittedBytes += bytes
    deadline ??= effects.after(maxUncommittedMs, commit)
    if (uncommittedBytes >= maxUncommittedBytes) effects.soon(commit)
  }

  function flush(more = false): readonly Appended[] {
    if (waiting.length === 0) {
      if (!more) commit()
      return []
    }
    const taken = waiting
    const takenBytes = waitingBytes
    waiting = []
    waitingBytes = 0
    const runs: { readonly fetch: Fetch; readonly bytes: number }[] = []
    const faults = new Map<Fetch, FetchFault>()
    const outcomes = pace.measure(takenBytes, () => appendAll(rebuild(taken, runs, faults), more))
    for (const arrived of taken) letGo(arrived)
    if (!more) commit()
    else commitLater(runs.reduce((sum, { bytes }) => sum + bytes, 0))
    return [
      ...runs.map((run, at) => ({ type: 'stored', ...run, outcome: outcomes[at] as AppendOutcome }) as const),
      ...Array.from(faults, ([fetch, fault]) => ({ type: 'failed', fetch, fault }) as const),
    ]
  }

  /** Nothing of a feed is taken from below what failed. */
  function* rebuild(
    taken: readonly Arrived[],
    runs: { readonly fetch: Fetch; readonly bytes: number }[],
    faults: Map<Fetch, FetchFault>,
  ): Generator<AttestedRun> {
    // Nobody can change that before all of them are stored.
    const wanted = new Map<Identity, boolean>()
    for (const arrived of taken) {
      const { fetch } = arrived
      if (faults.has(fetch)) continue
      const isWanted = wanted.get(fetch.identity) ?? isWatched(store, fetch.identity)
      wanted.set(fetch.identity, isWanted)
      if (!isWanted) {
        faults.set(fetch, { code: 'unwatched' })
        continue
      }
      chunks?.reuse()
      const rebuilt = rebuildArrived(arrived, {
        sha256,
        unseal,
        oldEntry: (length) => oldEntry(fetch, length),
        chunks,
      })
      if (!rebuilt.ok) {
        faults.set(fetch, rebuilt.error)
        continue
      }
      const { run, bytes } = rebuilt.value
      rewind(fetch)
      checkAtOnce(run.entries)
      runs.push({ fetch, bytes })
      yield run
      if (chunks !== null) freeBytes(arrived.bytes)
    }
  }

  /** Our chain before the rebase, which is hidden as soon as something of the new one is stored. */
  function oldEntry({ need, rewound, identity }: Fetch, length: number): Entry | null {
    // Some of a rebase may have come before a cut.
    if (need.epoch === 1) return null
    return (
      (rewound ? store.formerAt(identity, length) : store.entryAt(identity, length)?.signed)?.entry ?? null
    )
  }

  /** Only once the new chain has shown itself: a false `base` alone hides nothing. */
  function rewind(fetch: Fetch): void {
    if (fetch.rewound || fetch.base === null) return
    store.rewind(fetch.identity, fetch.need.epoch, Math.min(fetch.base, fetch.need.fromLength))
    fetch.rewound = true
  }

  /** F8: what changes trust must not wait behind a hundred thousand others. */
  function checkAtOnce(entries: readonly SignedEntry[]): void {
    const urgent = entries.filter(({ entry }) => changesTrust(entry.payload))
    if (urgent.length === 0) return
    // Copies: the memory below is written over by the next batch.
    const checks = urgent.map((signed) => ({ ...entryCheck(signed), signature: signed.signature.slice() }))
    const cids = urgent.map(({ cid }) => cid)
    effects.verify(checks, (verdicts) =>
      store.settleEntries(cids.map((cid, index) => ({ cid, valid: verdicts[index] === true }))),
    )
  }

  return {
    isDue: () => waitingBytes >= pace.bytes(),
    add(arrived) {
      waiting.push(arrived)
      waitingBytes += arrived.bytes.length
    },
    flush,
    commit,
    rewind,
  }
}

/** S14: of what is watched no longer nothing is stored any more, though it was asked for. */
export const isWatched = (store: Pick<Store, 'feed'>, identity: Identity): boolean =>
  store.feed(identity)?.watched === true
