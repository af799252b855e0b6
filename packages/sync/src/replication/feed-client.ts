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
import { type Head, type Identity, type RawCid, type Sha256, shortName } from '@effigy/core'
import type { FeedNeed, Progress, Store, Unseal } from '@effigy/store'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Batch } from '../messages.ts'
import type { AnswerMessage, Asked } from './asked.ts'
import { type BrokenHintPorts, createBrokenHints } from './broken-hint.ts'
import type { ClaimOwner, Claims } from './claims.ts'
import type { Effects } from './effects.ts'
import { createFeedAppender, type FeedAppenderPorts, isWatched } from './feed-appender.ts'
import {
  createFetch,
  type Fetch,
  type FetchFault,
  fetchBytes,
  fetchRequest,
  guessBytes,
  hasYielded,
  isStalled,
  takeBatch,
  takeStart,
} from './feed-fetch.ts'
import { feedProgress } from './feed-progress.ts'
import { createFeedQueue } from './feed-queue.ts'
import { createFeedRetries } from './feed-retries.ts'
import { minWindowBytes } from './feed-source.ts'

export interface FeedClientPorts {
  readonly store: Pick<Store, 'feed' | 'need' | 'needBelow' | 'markUnreadable' | 'feedKeys'> &
    FeedAppenderPorts['store'] &
    BrokenHintPorts['store']
  readonly sha256: Sha256
  readonly unseal: Unseal
  readonly asked: Asked
  readonly effects: Pick<Effects, 'send' | 'verify' | 'soon' | 'after' | 'end'>
  readonly claims: Claims<Identity>
  readonly clock: Pick<Clock, 'monotonic'>
  readonly log: Log
  /** The other side's head of a feed, as far as it told. */
  remoteHead(identity: Identity): Pick<Head, 'epoch' | 'length' | 'head'> | null
}

export interface FeedClient extends Disposable {
  /** Something may be needed now: a head came, a claim was given up, the policy changed. */
  schedule(identity: Identity): void
  /** The other side told a new head: what it lacked before it may have now. */
  forgive(identity: Identity): void
  /** Feeds that wait, are under way, or whose last part is not stored yet. */
  busy(): number
  /** Feeds of which something was fetched, and how far that is. */
  progress(): ReadonlyMap<Identity, Progress>
}

/** Requests at once: enough for small feeds to fill a slow line, few enough to bound memory. */
const maxFetches = 32

/** Rebuilt bytes that may come for all requests of a session together: shared by halves, and the least for each. */
const maxWindowBytes: number = 4 * 1024 * 1024
const maxGrantedBytes: number = maxWindowBytes + maxFetches * minWindowBytes

/** Entries of one feed after which another that waits has its turn. */
const turnEntries = 4096

/** For one request: while half of it is appended the other half is on its way. */
const maxFetchWindowBytes: number = 2 * 1024 * 1024

/**
 * Ms that a run may wait for others: SQLite rewrites the same index pages in each transaction, so that a few large
 * ones cost half of many small ones.
 */
const gatherMs = 50

/** Feeds that another session fetches are looked at again after so long: it may have stalled. */
const revisitMs = 5_000

/** A request of which nothing comes for so long, the first time, makes room for others; ms. */
const silentMs = 60_000

export function createFeedClient(ports: FeedClientPorts): FeedClient {
  const { store, sha256, unseal, asked, effects, claims, clock, log, remoteHead } = ports
  const appender = createFeedAppender({ store, sha256, unseal, effects, clock })
  const judgeHint = createBrokenHints({ store, sha256, unseal, asked, effects, log })
  const self: ClaimOwner<Identity> = {
    lost(identity) {
      const fetch = fetches.get(identity)
      // Inside the work of another session: ours goes on later.
      if (fetch !== undefined) effects.soon(() => giveUp(fetch))
    },
  }
  const queue = createFeedQueue<Identity>()
  const fetches = new Map<Identity, Fetch>()
  const progress = new Map<Identity, Progress>()
  /** What the other side did not have: not asked again before it tells a new head. */
  const lacking = new Map<Identity, RawCid>()
  /** Somebody else fetches it. */
  const elsewhere = new Set<Identity>()
  const verbatim = new Set<Identity>()
  const retries = createFeedRetries<Identity>(effects, schedule)
  let grantedBytes = 0
  /** Requests that may bring more; what is over waits only to be stored. */
  let open = 0
  let proceeds = false
  let gathering: Disposable | null = null
  let disposed = false
  /** Set while something is fetched, here or elsewhere: a hub has thousands of sessions that fetch nothing. */
  let timer: Disposable | null = null

  const freed = claims.watch((identity) => {
    if (elsewhere.delete(identity)) schedule(identity)
  })

  function schedule(identity: Identity): void {
    if (disposed) return
    const fetch = fetches.get(identity)
    // S14: nothing more of it is wanted.
    if (fetch !== undefined && !fetch.over && !isWatched(store, identity)) stop(fetch, 'again')
    if (fetch !== undefined || retries.has(identity)) return
    const length = remoteHead(identity)?.length ?? endLength(store, identity)
    if (length === null) return
    const state = store.feed(identity)
    // Where the head is all that is kept, hardly anything is ever fetched.
    const depth = state?.policy.depth
    if (depth?.type === 'last' && depth.count === 0 && store.need(identity) === null) return
    queue.add(identity, length - (state?.heldCount ?? 0))
    effects.soon(fill)
  }

  /** Starts as many requests as there is room for. */
  function fill(): void {
    while (!disposed && open < maxFetches && grantedBytes < maxGrantedBytes) {
      const identity = queue.next()
      if (identity === null) return
      start(identity)
    }
  }

  function start(identity: Identity): void {
    if (claims.isHeld(identity, self)) {
      elsewhere.add(identity)
      timer ??= effects.after(revisitMs, revisit)
      return
    }
    const remote = remoteHead(identity)
    const need = remote === null && endLength(store, identity) === null ? null : needFrom(identity, remote)
    const isTold = remote !== null && need?.epoch === remote.epoch && need.fromLength <= remote.length
    const isThere = need !== null && (isTold || need.isFinal === true) && lacking.get(identity) !== need.from
    // Who has nothing to ask for takes it from nobody, and goes before nobody.
    if (!isThere) claims.release(identity, self)
    if (!isThere || !claims.take(identity, self)) return
    timer ??= effects.after(revisitMs, revisit)
    const turn = turnOf(need)
    const granted = windowFor(turn)
    grantedBytes += granted
    const fetch = createFetch(turn, granted, verbatim.has(identity), clock.monotonic())
    fetches.set(identity, fetch)
    open++
    fetch.id = asked.open(fetchRequest(fetch), fetchBytes(fetch), (answer, bytes) =>
      take(fetch, answer, bytes),
    )
  }

  /** R14: who has not what the highest head names may have what a lower one does. */
  function needFrom(identity: Identity, remote: ReturnType<typeof remoteHead>): FeedNeed | null {
    const need = store.need(identity)
    if (need === null || remote === null || need.isFinal === true || need.epoch !== remote.epoch) return need
    if (need.fromLength <= remote.length) return need
    return store.needBelow?.(identity, remote.head) ?? null
  }

  /** While others wait a feed comes in parts. Not after a rebase: what moved is told by its old place only in one piece. */
  function turnOf(need: FeedNeed): FeedNeed {
    if (queue.size === 0 || need.rewinds) return need
    return { ...need, limit: Math.min(need.limit ?? turnEntries, turnEntries) }
  }

  function windowFor(need: FeedNeed): number {
    const guess = guessBytes(need, store.feed(need.identity)?.record?.head ?? null)
    // Half of what is left: there is always room for the next, however large those before it are.
    const most = Math.min(maxFetchWindowBytes, (maxWindowBytes - grantedBytes) / 2)
    return Math.max(minWindowBytes, Math.floor(Math.min(guess, most)))
  }

  function take(fetch: Fetch, answer: AnswerMessage, bytes: Uint8Array): void {
    switch (answer.type) {
      case 'feed':
        if (!takeStart(fetch, answer)) effects.end('bad-message')
        // It takes us to hold what we ask for, from an old chain of which we hold a part: once more without that. Of a new
        // epoch that may be so: a rebase that only took the newest entries away.
        else if (!fetch.need.rewinds && answer.base >= fetch.need.fromLength) askPlainly(fetch)
        return
      case 'batch':
        takeRun(fetch, answer, bytes)
        return
      case 'error':
        fetch.sequel = answer.retry === null ? 'lacking' : { retryMs: answer.retry }
        finish(fetch)
        return
      case 'brokenat':
        log.info('feed.brokenat', { feed: shortName(fetch.identity), code: answer.code })
        // This one has nothing more for us; what it says is looked at.
        if (!judgeHint(fetch.need, bytes)) effects.end('bad-message')
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
    if (taken.value !== null) appender.add(taken.value)
    if (batch.end) finish(fetch)
    else proceedSoon()
    if (appender.isDue()) flush()
  }

  /** Stores all that waits; a credit for what was stored. */
  function append(): void {
    const credits = new Map<Fetch, number>()
    for (const appended of appender.flush(!disposed && open + queue.size > 0)) {
      const { fetch } = appended
      if (appended.type === 'failed') {
        refuse(fetch, appended.fault)
        continue
      }
      const { outcome, bytes } = appended
      if (outcome.type === 'appended') {
        fetch.stored += outcome.added
        credits.set(fetch, (credits.get(fetch) ?? 0) + bytes)
      } else if (!fetch.over) {
        // The head moved on, the feed is disputed or broken: the store knows, `need` will say.
        log.info('feed.run-refused', { feed: shortName(fetch.identity), code: outcome.type })
        stop(fetch, 'lacking')
      }
    }
    for (const [fetch, bytes] of credits) credit(fetch, bytes)
  }

  function credit(fetch: Fetch, bytes: number): void {
    retries.succeeded(fetch.identity)
    claims.renew(fetch.identity, self, bytes)
    fetch.progressMs = clock.monotonic()
    if (fetch.over || fetch.left === 0) return
    // Without a credit the source stops by itself, and nothing is sent for nothing.
    const hadTurn = fetch.stored >= turnEntries && !fetch.need.rewinds
    fetch.yields ||= hadTurn && queue.size > 0 && open >= maxFetches
    if (fetch.yields) return
    fetch.window += bytes
    effects.send({ type: 'credit', id: fetch.id, bytes })
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
        // Tied to the head by all above it: F7. The others cannot be read by us.
        store.markUnreadable(identity, fault.top, { length: fault.length, cid: fault.cid, code: fault.rule })
        stop(fetch, 'lacking')
        return
      case 'version':
      case 'too-old':
        stop(fetch, 'lacking')
        return
      case 'unwatched':
        stop(fetch, 'again')
        return
      case 'sealed':
        shut(fetch, fault.keyId)
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

  /** X22: nothing more of it is needed until its key is here. Who has that and cannot open it asks nobody again. */
  function shut(fetch: Fetch, keyId: string | null): void {
    const { identity, need } = fetch
    if (keyId === null || store.feedKeys === undefined) {
      stop(fetch, 'lacking')
      return
    }
    store.feedKeys.close({ feed: identity, epoch: need.epoch, keyId })
    stop(fetch, 'again')
  }

  function askPlainly(fetch: Fetch): void {
    if (fetch.verbatim) return
    verbatim.add(fetch.identity)
    stop(fetch, 'again')
  }

  /** Nothing more of it is wanted. */
  function stop(fetch: Fetch, sequel: Fetch['sequel']): void {
    asked.cancel(fetch.id)
    fetch.sequel = sequel
    finish(fetch)
  }

  /** Too slow, or silent: what came of it stays, and it waits its turn again. */
  function giveUp(fetch: Fetch): void {
    if (disposed || fetch.over) return
    log.info('feed.given-up', { feed: shortName(fetch.identity), left: fetch.left })
    retries.failed(fetch.identity)
    stop(fetch, 'again')
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
    for (const fetch of [...fetches.values()]) {
      if (hasYielded(fetch)) stop(fetch, 'again')
      if (fetch.over && fetch.waiting === 0) conclude(fetch)
    }
  }

  function conclude(fetch: Fetch): void {
    const { identity, need, sequel } = fetch
    fetches.delete(identity)
    note(identity, null)
    grantedBytes -= fetch.granted
    // A rebase that only took the newest entries away brings none.
    const isAll = fetch.base !== null && fetch.base >= need.fromLength
    if (isAll && !fetch.rewound && isWatched(store, identity)) {
      appender.rewind(fetch)
      fetch.stored++
    }
    // Without progress the same question would get the same answer.
    if (fetch.stored === 0 && (sequel === 'lacking' || sequel === null)) lacking.set(identity, need.from)
    claims.release(identity, self)
    if (fetch.stored > 0) retries.succeeded(identity)
    if (typeof sequel === 'object' && sequel !== null) retries.wait(identity, sequel.retryMs)
    else schedule(identity)
  }

  /** Looked up when it changes, because it is asked for far more often. */
  function note(identity: Identity, coming: number | null): void {
    const state = store.feed(identity)
    if (state !== null) progress.set(identity, feedProgress(state, coming))
  }

  function revisit(): void {
    for (const fetch of [...fetches.values()]) {
      const patienceMs = silentMs * 2 ** retries.tries(fetch.identity)
      if (clock.monotonic() - fetch.progressMs >= patienceMs) giveUp(fetch)
    }
    for (const identity of [...elsewhere]) {
      elsewhere.delete(identity)
      schedule(identity)
    }
    timer = fetches.size + elsewhere.size > 0 ? effects.after(revisitMs, revisit) : null
  }

  return {
    schedule,
    forgive(identity) {
      lacking.delete(identity)
      retries.forget(identity)
      schedule(identity)
    },
    busy: () => queue.size + fetches.size + retries.size,
    progress() {
      for (const [identity, { left, waiting: toStore }] of fetches) note(identity, left + toStore)
      return progress
    },
    [Symbol.dispose]() {
      if (disposed) return
      disposed = true
      timer?.[Symbol.dispose]()
      gathering?.[Symbol.dispose]()
      freed[Symbol.dispose]()
      retries[Symbol.dispose]()
      try {
        // It was proven already: what came before the cut is kept.
        append()
      } finally {
        // Where the disk is full too: others fetch them.
        for (const identity of [...fetches.keys(), ...elsewhere]) claims.release(identity, self)
        fetches.clear()
        queue.clear()
      }
    },
  }
}

/** The end that an account sets is known without anybody telling a head (S34): whoever has the feed may have it. */
export function endLength(store: Pick<Store, 'feed'>, identity: Identity): number | null {
  const limit = store.feed(identity)?.limit
  return limit?.type === 'ends' && limit.final !== null ? limit.final[1] : null
}
