/**
 * Fetches what feeds lack from the other side of one session (spec R3, R6).
 *
 *     head known ─▶ need() ─▶ getfeed ─▶ feed {base} ─▶ batch ─rebuild▶ run ─▶ appendRuns ─▶ credit
 *                     ▲                                                        │
 *                     └──────────────── again, until nothing is needed ◀───────┘
 *
 * Nothing is remembered about a feed but what the store holds, so after any cut it goes
 * on by asking `need()` again. What waits to be appended is bounded by the windows: a
 * credit goes out only for what is stored.
 *
 * @module
 */
import {
  type Entry,
  entryCheck,
  type Identity,
  type RawCid,
  type Sha256,
  type SignedEntry,
  shortName,
} from '@effigy/core'
import type { AppendOutcome, AttestedRun, FeedNeed, Progress, Store } from '@effigy/store'
import type { Clock } from '../clock.ts'
import { freeBytes } from '../free-bytes.ts'
import type { Log } from '../log.ts'
import type { Batch } from '../messages.ts'
import { createAppendPace } from './append-pace.ts'
import type { AnswerMessage, Asked } from './asked.ts'
import type { Claims } from './claims.ts'
import type { Effects } from './effects.ts'
import {
  type Arrived,
  createFetch,
  type Fetch,
  type FetchFault,
  fetchBytes,
  fetchRequest,
  guessBytes,
  isStalled,
  letGo,
  rebuildArrived,
  takeBatch,
  takeStart,
} from './feed-fetch.ts'
import { feedProgress } from './feed-progress.ts'
import { minWindowBytes } from './feed-source.ts'
import { createChunks } from './rebuild.ts'
import { changesTrust } from './urgent.ts'

export interface FeedClientPorts {
  readonly store: Pick<
    Store,
    'feed' | 'need' | 'rewind' | 'appendRuns' | 'appendEach' | 'entryAt' | 'formerAt' | 'settleEntries'
  >
  readonly sha256: Sha256
  readonly asked: Asked
  readonly effects: Pick<Effects, 'send' | 'verify' | 'soon' | 'after' | 'end'>
  readonly claims: Claims<Identity>
  readonly clock: Pick<Clock, 'monotonic'>
  readonly log: Log
  /** The other side's head of a feed, as far as it told: epoch and length. */
  readonly remoteHead: (identity: Identity) => { readonly epoch: number; readonly length: number } | null
}

export interface FeedClient extends Disposable {
  /** Something may be needed now: a head came, a claim was given up, the policy changed. */
  schedule(identity: Identity): void
  /** The other side told a new head: what it lacked before it may have now. */
  forgive(identity: Identity): void
  /** Feeds that wait, are under way, or whose last part is not stored yet. */
  readonly busy: number
  /** Feeds of which something was fetched, and how far that is. */
  readonly progress: ReadonlyMap<Identity, Progress>
}

/** Requests at once: enough for small feeds to fill a slow line, few enough to bound memory. */
const maxFetches = 16

/** Rebuilt bytes that may come for all requests of a session together. */
const maxWindowBytes: number = 4 * 1024 * 1024

/** For one request: while half of it is appended the other half is on its way. */
const maxFetchWindowBytes: number = 2 * 1024 * 1024

/**
 * Ms that a run may wait for others: SQLite rewrites the same index pages in each transaction, so that a few large
 * ones cost half of many small ones.
 */
const gatherMs = 50

/** Bounds of what the other side says about when to ask again, ms. */
const minRetryMs = 100
const maxRetryMs = 60_000

/** Feeds that another session fetches are looked at again after so long: it may have stalled. */
const revisitMs = 5_000

export function createFeedClient(ports: FeedClientPorts): FeedClient {
  const { store, sha256, asked, effects, claims, clock, log, remoteHead } = ports
  const pace = createAppendPace(clock)
  const self = {}
  const queue = new Set<Identity>()
  const fetches = new Map<Identity, Fetch>()
  const progress = new Map<Identity, Progress>()
  /** What the other side did not have: not asked again before it tells a new head. */
  const lacking = new Map<Identity, RawCid>()
  /** Somebody else fetches it. */
  const elsewhere = new Set<Identity>()
  const verbatim = new Set<Identity>()
  const retries = new Map<Identity, Disposable>()
  /** How often in a row a feed was not there yet. */
  const patience = new Map<Identity, number>()
  let grantedBytes = 0
  let waiting: Arrived[] = []
  let waitingBytes = 0
  /** Requests that may bring more; what is over waits only to be stored. */
  let open = 0
  let proceeds = false
  let gathering: Disposable | null = null
  let disposed = false

  /** Only a store that keeps no view of what it is given may be given the same memory again. */
  const chunks = store.appendEach === undefined ? null : createChunks()
  const appendAll = (runs: Iterable<AttestedRun>): readonly AppendOutcome[] =>
    store.appendEach?.(runs) ?? store.appendRuns([...runs])

  const freed = claims.watch((identity) => {
    if (elsewhere.delete(identity)) schedule(identity)
  })

  function schedule(identity: Identity): void {
    if (disposed || fetches.has(identity) || retries.has(identity) || remoteHead(identity) === null) return
    if (queue.has(identity)) return
    queue.add(identity)
    effects.soon(fill)
  }

  /** Starts as many requests as there is room for. */
  function fill(): void {
    for (const identity of queue) {
      if (disposed || open >= maxFetches || maxWindowBytes - grantedBytes < minWindowBytes) return
      queue.delete(identity)
      start(identity)
    }
  }

  function start(identity: Identity): void {
    const remote = remoteHead(identity)
    if (remote === null) return
    if (!claims.take(identity, self)) {
      elsewhere.add(identity)
      return
    }
    const need = store.need(identity)
    const isThere =
      need !== null &&
      need.epoch === remote.epoch &&
      need.fromLength <= remote.length &&
      lacking.get(identity) !== need.from
    if (!isThere) {
      claims.release(identity, self)
      return
    }
    const granted = windowFor(need)
    grantedBytes += granted
    const fetch = createFetch(need, granted, verbatim.has(identity))
    fetches.set(identity, fetch)
    open++
    fetch.id = asked.open(fetchRequest(fetch), fetchBytes(fetch), (answer, bytes) =>
      take(fetch, answer, bytes),
    )
  }

  function windowFor(need: FeedNeed): number {
    const guess = guessBytes(need, store.feed(need.identity)?.record?.head ?? null)
    const most = Math.min(maxFetchWindowBytes, maxWindowBytes - grantedBytes)
    return Math.max(minWindowBytes, Math.min(guess, most))
  }

  function take(fetch: Fetch, answer: AnswerMessage, bytes: Uint8Array): void {
    switch (answer.type) {
      case 'feed':
        if (!takeStart(fetch, answer)) effects.end('bad-message')
        return
      case 'batch':
        takeRun(fetch, answer, bytes)
        return
      case 'error':
        fetch.sequel = answer.retry === null ? 'lacking' : { retryMs: boundedRetry(answer.retry) }
        finish(fetch)
        return
      case 'brokenat':
        // A hint: our own copy, or another source, will show it. This one has nothing more for us.
        log.info('feed.brokenat', {
          feed: shortName(fetch.identity),
          length: answer.length,
          code: answer.code,
        })
        fetch.sequel = 'lacking'
        finish(fetch)
        return
      default:
        effects.end('bad-message')
    }
  }

  function takeRun(fetch: Fetch, batch: Batch, bytes: Uint8Array): void {
    const taken = takeBatch(fetch, batch, bytes)
    if (!taken.ok) {
      refuse(fetch, taken.error)
      return
    }
    if (taken.value !== null) {
      waiting.push(taken.value)
      waitingBytes += bytes.length
    }
    if (batch.end) finish(fetch)
    else proceedSoon()
    if (waitingBytes >= pace.bytes) flush()
  }

  /** Our chain before the rebase, which is hidden as soon as something of the new one is stored. */
  function oldEntry({ need, rewound, identity }: Fetch, length: number): Entry | null {
    if (!need.rewinds) return null
    return (
      (rewound ? store.formerAt(identity, length) : store.entryAt(identity, length)?.signed)?.entry ?? null
    )
  }

  /** F8: what changes trust must not wait behind a hundred thousand others. */
  function checkAtOnce(entries: readonly SignedEntry[]): void {
    const urgent = entries.filter(({ entry }) => changesTrust(entry.payload))
    if (urgent.length === 0) return
    // Copies: the memory below is written over by the next batch.
    const checks = urgent.map((signed) => ({ ...entryCheck(signed), signature: signed.signature.slice() }))
    effects.verify(checks, (verdicts) => {
      flush()
      store.settleEntries(urgent.map(({ cid }, index) => ({ cid, valid: verdicts[index] === true })))
    })
  }

  function refuse(fetch: Fetch, fault: FetchFault): void {
    const { identity } = fetch
    log.info('feed.batch-refused', { feed: shortName(identity), code: fault.code })
    switch (fault.code) {
      case 'bad-message':
      case 'bad-batch':
        effects.end(fault.code)
        return
      case 'feed':
      case 'version':
      case 'sealed':
        stop(fetch, 'lacking')
        return
      case 'batch-encoding':
      case 'batch-limit':
      case 'batch-hash':
      case 'batch-old':
        // R6: once more verbatim; who cannot do that either has not what it says.
        if (fetch.verbatim) {
          effects.end('bad-batch')
          return
        }
        verbatim.add(identity)
        stop(fetch, 'again')
    }
  }

  /** Nothing more of it is wanted. */
  function stop(fetch: Fetch, sequel: Fetch['sequel']): void {
    asked.cancel(fetch.id)
    fetch.sequel = sequel
    finish(fetch)
  }

  /** Nothing more of it comes; what came is stored first. */
  function finish(fetch: Fetch): void {
    if (!fetch.over) open--
    fetch.over = true
    proceedSoon()
  }

  /** When all that has arrived is taken: asks for more; what came waits while more is on its way that it can go with. */
  function proceedSoon(): void {
    if (proceeds) return
    proceeds = true
    effects.soon(() => {
      proceeds = false
      if (disposed) return
      concludeStored()
      fill()
      if (open === 0 || [...fetches.values()].some(isStalled)) flush()
      else gathering ??= effects.after(gatherMs, flush)
    })
  }

  /** Stores what waits, then looks what is to be done next. */
  function flush(): void {
    gathering?.[Symbol.dispose]()
    gathering = null
    append()
    concludeStored()
    fill()
  }

  function concludeStored(): void {
    for (const fetch of [...fetches.values()]) if (fetch.over && fetch.waiting === 0) conclude(fetch)
  }

  /** All that waits in one transaction, batch by batch; a credit for what was stored. */
  function append(): void {
    if (waiting.length === 0) return
    const taken = waiting
    const takenBytes = waitingBytes
    waiting = []
    waitingBytes = 0
    const runs: { readonly fetch: Fetch; readonly bytes: number }[] = []
    const faults = new Map<Fetch, FetchFault>()
    const outcomes = pace.measure(takenBytes, () => appendAll(rebuild(taken, runs, faults)))
    for (const arrived of taken) letGo(arrived)
    const credits = new Map<Fetch, number>()
    for (const [index, { fetch, bytes }] of runs.entries()) {
      const outcome = outcomes[index] as AppendOutcome
      if (outcome.type === 'appended') {
        fetch.stored += outcome.added
        credits.set(fetch, (credits.get(fetch) ?? 0) + bytes)
      } else if (!fetch.over) {
        // The head moved on, the feed is disputed or broken: the store knows, `need` will say.
        log.info('feed.run-refused', { feed: shortName(fetch.identity), code: outcome.type })
        stop(fetch, 'lacking')
      }
    }
    for (const [fetch, bytes] of credits) {
      patience.delete(fetch.identity)
      claims.renew(fetch.identity, self)
      if (fetch.over || fetch.left === 0) continue
      fetch.window += bytes
      effects.send({ type: 'credit', id: fetch.id, bytes })
    }
    for (const [fetch, fault] of faults) refuse(fetch, fault)
  }

  /** Nothing of a feed is taken from below what failed. */
  function* rebuild(
    taken: readonly Arrived[],
    runs: { readonly fetch: Fetch; readonly bytes: number }[],
    faults: Map<Fetch, FetchFault>,
  ): Generator<AttestedRun> {
    for (const arrived of taken) {
      const { fetch } = arrived
      if (faults.has(fetch)) continue
      chunks?.reuse()
      const rebuilt = rebuildArrived(arrived, sha256, (length) => oldEntry(fetch, length), chunks)
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

  /** Only once the new chain has shown itself: a false `base` alone hides nothing. */
  function rewind(fetch: Fetch): void {
    if (fetch.rewound || fetch.base === null) return
    store.rewind(fetch.identity, fetch.need.epoch, Math.min(fetch.base, fetch.need.fromLength))
    fetch.rewound = true
  }

  function conclude(fetch: Fetch): void {
    const { identity, need, sequel } = fetch
    fetches.delete(identity)
    note(identity, null)
    grantedBytes -= fetch.granted
    // A rebase that only took the newest entries away brings none.
    if (fetch.base !== null && fetch.base >= need.fromLength && !fetch.rewound) {
      rewind(fetch)
      fetch.stored++
    }
    // Without progress the same question would get the same answer.
    if (fetch.stored === 0 && (sequel === 'lacking' || sequel === null)) lacking.set(identity, need.from)
    claims.release(identity, self)
    if (typeof sequel !== 'object' || sequel === null) {
      schedule(identity)
      return
    }
    const tries = fetch.stored > 0 ? 0 : (patience.get(identity) ?? 0)
    patience.set(identity, tries + 1)
    const timer = effects.after(Math.min(sequel.retryMs * 2 ** tries, maxRetryMs), () => {
      retries.delete(identity)
      schedule(identity)
    })
    retries.set(identity, timer)
  }

  /** Looked up when it changes, because it is asked for far more often. */
  function note(identity: Identity, coming: number | null): void {
    const state = store.feed(identity)
    if (state !== null) progress.set(identity, feedProgress(state, coming))
  }

  const revisit = (): void => {
    for (const identity of [...elsewhere]) {
      elsewhere.delete(identity)
      schedule(identity)
    }
    timer = effects.after(revisitMs, revisit)
  }
  let timer = effects.after(revisitMs, revisit)

  return {
    schedule,
    forgive(identity) {
      lacking.delete(identity)
      patience.delete(identity)
      retries.get(identity)?.[Symbol.dispose]()
      retries.delete(identity)
      schedule(identity)
    },
    get busy() {
      return queue.size + fetches.size + retries.size
    },
    get progress() {
      for (const [identity, { left, waiting: toStore }] of fetches) note(identity, left + toStore)
      return progress
    },
    [Symbol.dispose]() {
      if (disposed) return
      // It was proven already: what came before the cut is kept.
      append()
      disposed = true
      timer[Symbol.dispose]()
      gathering?.[Symbol.dispose]()
      freed[Symbol.dispose]()
      for (const retry of retries.values()) retry[Symbol.dispose]()
      for (const identity of fetches.keys()) claims.release(identity, self)
      fetches.clear()
      queue.clear()
    },
  }
}

function boundedRetry(retryMs: number): number {
  return Math.min(Math.max(retryMs, minRetryMs), maxRetryMs)
}
