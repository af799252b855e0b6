/**
 * Who is served next when there is more to give than may leave (spec G6).
 *
 *     own ─▶ friends ─▶ by credit ─▶ the pool of strangers      every eighth turn: whose class had none for longest
 *
 * A turn is one frame of an answer. Without a limit, or while nothing waits, everybody is served at once. All
 * strangers together have the place of one, so that many of them get no more than few.
 *
 * @module
 */
import type { Clock } from '../clock.ts'

export type Standing =
  | { readonly type: 'own' }
  | { readonly type: 'friend' }
  /** Somebody who gave more than they took, or was granted it; bytes above 0. */
  | { readonly type: 'credit'; readonly bytes: number }
  | { readonly type: 'pool' }

export interface ServiceClient {
  /** Asked when it begins to wait, asks again, or is about to have its turn. */
  standing(): Standing
  /** It may take its turn now, or asks again when it can. */
  wake(): void
}

export interface ServiceTurn extends Disposable {
  /** Whether a frame may be made now; false: `wake` tells when. */
  isMine(): boolean
  /** What came of it, bytes; 0: nothing was there. After each `isMine` that was true. */
  done(bytes: number): void
}

export interface ServiceQueue {
  join(client: ServiceClient): ServiceTurn
  /** Clients that wait for a turn. */
  readonly waiting: number
}

export interface ServiceOptions {
  /** Of all answers together; Infinity: no limit. */
  readonly bytesPerSecond: number
}

/** May leave at once after a pause, ms of the rate; no less than one large frame. */
const burstMs = 250
const leastBurstBytes: number = 256 * 1024

/** A turn that is not taken in so long is another's, ms: its link may be full. */
const turnMs = 50

/** So often it is the turn of the class that waits longest: nobody waits for ever. */
const turnsToOldest = 8

type Class = Standing['type']

const classes: readonly Class[] = ['own', 'friend', 'credit', 'pool']

/** One for all sessions of a peer. A client that goes disposes its turn; then nothing of it waits. */
export function createServiceQueue(
  { monotonic, after }: Pick<Clock, 'monotonic' | 'after'>,
  { bytesPerSecond }: ServiceOptions,
): ServiceQueue {
  const burst = Math.max(leastBurstBytes, (bytesPerSecond * burstMs) / 1000)
  const isUnlimited = bytesPerSecond === Number.POSITIVE_INFINITY
  /** With the class in which each waits, and by class, in the order in which they came: a turn goes through one with credit alone. */
  const waiting = new Map<ServiceClient, Class>()
  const byClass: Readonly<Record<Class, Set<ServiceClient>>> = {
    own: new Set(),
    friend: new Set(),
    credit: new Set(),
    pool: new Set(),
  }
  let offered: ServiceClient | null = null
  let offerTimer: Disposable | null = null
  let isRefilling = false
  let tokens = burst
  let filledMs = monotonic()
  let turns = 0
  const lastTurns = new Map<Class, number>()

  function wait(client: ServiceClient): void {
    const { type } = client.standing()
    if (waiting.get(client) === type) return
    leave(client)
    waiting.set(client, type)
    byClass[type].add(client)
  }

  function leave(client: ServiceClient): void {
    const type = waiting.get(client)
    if (type === undefined) return
    waiting.delete(client)
    byClass[type].delete(client)
  }

  function refill(): void {
    const nowMs = monotonic()
    tokens = Math.min(burst, tokens + ((nowMs - filledMs) * bytesPerSecond) / 1000)
    filledMs = nowMs
  }

  function choose(): ServiceClient | null {
    for (;;) {
      const present = classes.filter((name) => byClass[name].size > 0)
      const oldest = present.toSorted((a, b) => (lastTurns.get(a) ?? 0) - (lastTurns.get(b) ?? 0))
      const [name] = (turns + 1) % turnsToOldest === 0 ? oldest : present
      if (name === undefined) return null
      const client = name === 'credit' ? mostCredit() : oldestOf(name)
      if (client === null) continue
      lastTurns.set(name, ++turns)
      return client
    }
  }

  /** Null when it is of another class by now, where it waits from then on. */
  function oldestOf(name: Class): ServiceClient | null {
    const [client] = byClass[name]
    if (client === undefined || client.standing().type === name) return client ?? null
    wait(client)
    return null
  }

  function mostCredit(): ServiceClient | null {
    let best: ServiceClient | null = null
    let most = 0
    for (const client of [...byClass.credit]) {
      const standing = client.standing()
      if (standing.type !== 'credit') wait(client)
      else if (best === null || standing.bytes > most) {
        best = client
        most = standing.bytes
      }
    }
    return best
  }

  function offerNext(): void {
    if (offered !== null || waiting.size === 0) return
    refill()
    if (tokens <= 0) {
      if (isRefilling) return
      isRefilling = true
      after(Math.max(1, (-tokens * 1000) / bytesPerSecond), () => {
        isRefilling = false
        offerNext()
      })
      return
    }
    const next = choose()
    if (next === null) return
    leave(next)
    offered = next
    // Who is not ready is offered none until it asks again: those that never are would cost each of the others as much.
    offerTimer = after(turnMs, retract)
    next.wake()
  }

  function retract(): void {
    offerTimer?.[Symbol.dispose]()
    offerTimer = null
    offered = null
    offerNext()
  }

  const places: Places = {
    isTurnOf(client) {
      if (isUnlimited || offered === client) return true
      refill()
      if (tokens > 0 && waiting.size === 0 && offered === null) return true
      wait(client)
      offerNext()
      return offered === client
    },
    done(client, bytes) {
      if (isUnlimited) return
      tokens -= bytes
      if (offered === client) retract()
    },
    leave(client) {
      leave(client)
      if (offered === client) retract()
    },
  }

  return {
    join: (client) => new Turn(client, places),
    get waiting() {
      return waiting.size
    },
  }
}

/** What a turn asks of the queue. */
interface Places {
  isTurnOf(client: ServiceClient): boolean
  done(client: ServiceClient, bytes: number): void
  leave(client: ServiceClient): void
}

/** A class, because each session has one. */
class Turn implements ServiceTurn {
  readonly #client: ServiceClient
  readonly #places: Places

  constructor(client: ServiceClient, places: Places) {
    this.#client = client
    this.#places = places
  }

  isMine(): boolean {
    return this.#places.isTurnOf(this.#client)
  }

  done(bytes: number): void {
    this.#places.done(this.#client, bytes)
  }

  [Symbol.dispose](): void {
    this.#places.leave(this.#client)
  }
}
