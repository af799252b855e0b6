/**
 * Who fetches what: sessions of one peer share it, so that nothing is fetched twice at once (spec R10).
 *
 *     take(feed, session) ─▶ true … renew(bytes) … release ─▶ others hear of it
 *                                        └ less than 64 KiB in 10 s ─▶ those who wanted it too hear of it
 *
 * A claim that is too slow may be taken over; who held it hears that it is lost, and stops. Each time the next
 * one has twice as long: where the line is slow and not the source, somebody comes to an end. Fetching twice is only
 * waste, never wrong.
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
  release(key: Key, owner: ClaimOwner<Key>): void
  /** Hears of every key that became free, or stale while somebody wanted it. */
  watch(listener: (key: Key) => void): Disposable
}

/** Ms. A source that gives too little for so long is not waited for, when there is another. */
const staleMs = 10_000
const maxStaleMs: number = 5 * 60_000

/** Bytes in that time: the slowest line that is worth waiting for. */
const leastBytes: number = 64 * 1024

interface Claim<Key> {
  readonly owner: ClaimOwner<Key>
  /** Since when `bytes` are counted. */
  atMs: number
  bytes: number
  /** How long it may be too slow. */
  readonly patienceMs: number
  /** Those who were too slow with it before: they get it back only from who gives nothing at all. */
  readonly slower: ReadonlySet<ClaimOwner<Key>>
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

  function tell(key: Key): void {
    contested.delete(key)
    for (const listener of [...listeners]) listener(key)
  }

  function staleAt(key: Key): number {
    const claim = claims.get(key)
    return claim === undefined ? 0 : claim.atMs + claim.patienceMs
  }

  /** Who was refused need not ask again by itself: a source may be silent for ever. */
  function awaitStale(): void {
    if (timer !== null || contested.size === 0 || listeners.size === 0) return
    let nextMs = Number.POSITIVE_INFINITY
    for (const key of contested) nextMs = Math.min(nextMs, staleAt(key))
    timer = after(Math.max(1, nextMs - monotonic()), () => {
      timer = null
      const nowMs = monotonic()
      for (const key of [...contested]) {
        if (!claims.has(key)) contested.delete(key)
        else if (nowMs >= staleAt(key)) tell(key)
      }
      awaitStale()
    })
  }

  /** Whether `owner` has to leave it to who has it. */
  function isKept(claim: Claim<Key>, owner: ClaimOwner<Key>, nowMs: number, patienceMs: number): boolean {
    if (nowMs - claim.atMs < patienceMs) return true
    if (claim.bytes === 0 || !claim.slower.has(owner)) return false
    // Slow, and the other was slow too: they do not take it from each other in turns.
    claim.atMs = nowMs
    claim.bytes = 0
    return true
  }

  function isHeld(key: Key, owner: ClaimOwner<Key>, patience?: number): boolean {
    const claim = claims.get(key)
    if (claim === undefined || claim.owner === owner) return false
    if (!isKept(claim, owner, monotonic(), patience ?? claim.patienceMs)) return false
    contested.add(key)
    awaitStale()
    return true
  }

  function forget(listener: (key: Key) => void): void {
    listeners.delete(listener)
    if (listeners.size > 0) return
    timer?.[Symbol.dispose]()
    timer = null
    contested.clear()
  }

  return {
    isHeld,
    take(key, owner, patience) {
      if (isHeld(key, owner, patience)) return false
      const claim = claims.get(key)
      const nowMs = monotonic()
      if (claim === undefined || claim.owner === owner) {
        const { patienceMs, slower } = claim ?? { patienceMs: staleMs, slower: new Set<ClaimOwner<Key>>() }
        claims.set(key, { owner, atMs: nowMs, bytes: 0, patienceMs, slower })
        return true
      }
      const slower = new Set([...claim.slower, claim.owner])
      const patienceMs = Math.min(claim.patienceMs * 2, maxStaleMs)
      claims.set(key, { owner, atMs: nowMs, bytes: 0, patienceMs, slower })
      claim.owner.lost?.(key)
      return true
    },
    renew(key, owner, bytes = leastBytes) {
      const claim = claims.get(key)
      if (claim?.owner !== owner) return
      claim.bytes += bytes
      if (claim.bytes < leastBytes) return
      claim.atMs = monotonic()
      claim.bytes = 0
    },
    release(key, owner) {
      if (claims.get(key)?.owner !== owner) return
      claims.delete(key)
      tell(key)
    },
    watch(listener) {
      listeners.add(listener)
      return new Watching(listener, forget)
    },
  }
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
