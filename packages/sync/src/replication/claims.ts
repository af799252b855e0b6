/**
 * Who fetches what: sessions of one peer share it, so that nothing is fetched twice at once (spec R10).
 *
 *     take(feed, session) ─▶ true … renew(bytes) … release ─▶ others hear of it
 *                                        └ less than 64 KiB in 10 s ─▶ those who wanted it too hear of it
 *
 * A claim that is too slow may be taken over; who held it hears that it is lost, and stops. Each time the next
 * one has twice as long: where the line is slow and not the source, somebody comes to an end. Those who were too slow go behind
 * whoever waits and was not, or two of them could pass it to and fro for ever. Fetching twice is only waste, never wrong.
 *
 * @module
 */
import type { Clock } from '../clock.ts'

export interface ClaimOwner<Key> {
  /** Somebody else has it now. */
  lost?(key: Key): void
}

export interface Claims<Key> {
  /** False while somebody else makes progress with it; who has nothing else to do may be less patient. */
  take(key: Key, owner: ClaimOwner<Key>, patienceMs?: number): boolean
  /** Whether `take` would be refused; who asks hears when that ends. */
  isHeld(key: Key, owner: ClaimOwner<Key>, patienceMs?: number): boolean
  /** There was progress: so many bytes; enough for now when omitted. */
  renew(key: Key, owner: ClaimOwner<Key>, bytes?: number): void
  /** Also of who was refused, and does not want it any more. */
  release(key: Key, owner: ClaimOwner<Key>): void
  /** Hears of every key that became free, or stale while somebody wanted it. */
  watch(listener: (key: Key) => void): Disposable
}

/** Ms. A source that gives too little for so long is not waited for, when there is another. */
const staleMs = 10_000
const maxStaleMs: number = 5 * 60_000

/** Bytes in that time: the slowest line that is worth waiting for. */
const leastBytes: number = 64 * 1024

/** Ms. Who was refused and asks no more for so long does not wait for it: twice as long as they leave between two questions. */
const waitMs = 10_000

interface Claim<Key> {
  /** Null: it is free for all but those who were too slow with it, while somebody waits who was not. */
  readonly owner: ClaimOwner<Key> | null
  /** Since when `bytes` are counted. */
  atMs: number
  bytes: number
  /** How long it may be too slow. */
  readonly patienceMs: number
  /** Those who were too slow with it before: they get it back only from who gives nothing at all, and while nobody else waits. */
  readonly slower: ReadonlySet<ClaimOwner<Key>>
  /** Of those who were refused and never were too slow with it, who asked last; one is enough to go before all that were. */
  waiting: { readonly owner: ClaimOwner<Key>; readonly untilMs: number } | null
  /** Until when somebody was refused only because of who waits. */
  yieldsUntilMs: number
}

/**
 * One for all sessions of a peer; a session that ends releases what it has. Without a `patienceMs`, who has something may be too slow
 * for 10 s, and for longer each time that it is taken over.
 */
export function createClaims<Key>({ monotonic, after }: Pick<Clock, 'monotonic' | 'after'>): Claims<Key> {
  const claims = new Map<Key, Claim<Key>>()
  /** Claimed by one, wanted by others too. */
  const contested = new Set<Key>()
  const listeners = new Set<(key: Key) => void>()
  let timer: Disposable | null = null
  let timerAtMs = Number.POSITIVE_INFINITY

  function tell(key: Key): void {
    contested.delete(key)
    for (const listener of [...listeners]) listener(key)
  }

  /** When who was refused is to hear of it. */
  function tellAt(key: Key): number {
    const claim = claims.get(key)
    if (claim === undefined) return 0
    return Math.max(claim.owner === null ? 0 : claim.atMs + claim.patienceMs, claim.yieldsUntilMs)
  }

  /** Who was refused need not ask again by itself: a source may be silent for ever. */
  function awaitStale(key: Key): void {
    contested.add(key)
    if (tellAt(key) >= timerAtMs) return
    stopTimer()
    startTimer()
  }

  function startTimer(): void {
    if (contested.size === 0 || listeners.size === 0) return
    for (const key of contested) timerAtMs = Math.min(timerAtMs, tellAt(key))
    timer = after(Math.max(1, timerAtMs - monotonic()), () => {
      stopTimer()
      const nowMs = monotonic()
      for (const key of [...contested]) {
        if (!claims.has(key)) contested.delete(key)
        else if (nowMs >= tellAt(key)) tellStale(key)
      }
      stopTimer()
      startTimer()
    })
  }

  function stopTimer(): void {
    timer?.[Symbol.dispose]()
    timer = null
    timerAtMs = Number.POSITIVE_INFINITY
  }

  function tellStale(key: Key): void {
    if (claims.get(key)?.owner === null) claims.delete(key)
    tell(key)
  }

  /** Whether `owner` has to leave it to who has it. */
  function isKept(claim: Claim<Key>, owner: ClaimOwner<Key>, nowMs: number, patienceMs: number): boolean {
    if (claim.owner !== null && nowMs - claim.atMs < patienceMs) {
      if (!claim.slower.has(owner)) claim.waiting = { owner, untilMs: nowMs + waitMs }
      return true
    }
    if (!claim.slower.has(owner)) return false
    if (isAwaited(claim, nowMs)) {
      claim.yieldsUntilMs = claim.waiting?.untilMs ?? 0
      return true
    }
    if (claim.owner === null || claim.bytes === 0) return false
    // Slow, and the other was slow too: they do not take it from each other in turns.
    claim.atMs = nowMs
    claim.bytes = 0
    return true
  }

  function isHeld(key: Key, owner: ClaimOwner<Key>, patience?: number): boolean {
    const claim = claims.get(key)
    if (claim === undefined || claim.owner === owner) return false
    if (!isKept(claim, owner, monotonic(), patience ?? claim.patienceMs)) return false
    awaitStale(key)
    return true
  }

  function forget(listener: (key: Key) => void): void {
    listeners.delete(listener)
    if (listeners.size > 0) return
    stopTimer()
    contested.clear()
    for (const [key, { owner }] of claims) if (owner === null) claims.delete(key)
  }

  /** It is free; but whoever was too slow with it, who gives it back now too, goes behind who waits. */
  function leave(key: Key, claim: Claim<Key>, owner: ClaimOwner<Key>): void {
    const nowMs = monotonic()
    const isLate = nowMs - claim.atMs >= staleMs
    const slower = isLate ? new Set([...claim.slower, owner]) : claim.slower
    if (slower.size === 0 || listeners.size === 0 || !isAwaited(claim, nowMs)) {
      claims.delete(key)
      tell(key)
      return
    }
    const patienceMs = isLate ? longer(claim.patienceMs) : claim.patienceMs
    const yieldsUntilMs = claim.waiting?.untilMs ?? 0
    claims.set(key, { ...claim, owner: null, patienceMs, slower, yieldsUntilMs })
    tell(key)
    awaitStale(key)
  }

  return {
    isHeld,
    take(key, owner, patience) {
      if (isHeld(key, owner, patience)) return false
      const claim = claims.get(key)
      const before = claim?.owner ?? null
      const lost = before === owner ? null : before
      const patienceMs = claim?.patienceMs ?? staleMs
      claims.set(key, {
        owner,
        atMs: monotonic(),
        bytes: 0,
        patienceMs: lost === null ? patienceMs : longer(patienceMs),
        slower: lost === null ? (claim?.slower ?? new Set()) : new Set([...(claim?.slower ?? []), lost]),
        waiting: claim?.waiting?.owner === owner ? null : (claim?.waiting ?? null),
        yieldsUntilMs: 0,
      })
      lost?.lost?.(key)
      return true
    },
    renew(key, owner, bytes = leastBytes) {
      const claim = claims.get(key)
      if (claim?.owner !== owner) return
      claim.bytes += bytes
      if (claim.bytes < leastBytes) return
      claim.atMs = monotonic()
      claim.bytes = 0
      claim.yieldsUntilMs = 0
    },
    release(key, owner) {
      const claim = claims.get(key)
      if (claim?.waiting?.owner === owner) {
        claim.waiting = null
        if (claim.owner === null) tellStale(key)
      }
      if (claim?.owner === owner) leave(key, claim, owner)
    },
    watch(listener) {
      listeners.add(listener)
      return new Watching(listener, forget)
    },
  }
}

const longer = (patienceMs: number): number => Math.min(patienceMs * 2, maxStaleMs)

/** Whether somebody waits who was never too slow with it. */
function isAwaited<Key>({ waiting }: Claim<Key>, nowMs: number): boolean {
  return waiting !== null && nowMs < waiting.untilMs
}

/** A class, because each session has two. */
class Watching<Key> implements Disposable {
  readonly #listener: (key: Key) => void
  readonly #forget: (listener: (key: Key) => void) => void

  constructor(listener: (key: Key) => void, forget: (listener: (key: Key) => void) => void) {
    this.#listener = listener
    this.#forget = forget
  }

  [Symbol.dispose](): void {
    this.#forget(this.#listener)
  }
}
