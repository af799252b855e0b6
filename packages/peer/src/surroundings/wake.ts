/**
 * A short visit: what a service worker asks for at a Background Sync or a push message, and a program by a timer (spec R46).
 *
 *     wake ─ a peer runs? ─ yes ─▶ catch up ─▶ settled, or the time is over
 *                          └ no ─▶ open ─▶ the same ─▶ close
 *
 * A service worker has no files that a store could live in, so there `running` asks a page that is open, and `open` is none; the
 * worker of a page, and a program in Node, have both. However many ask at once, one visit is made.
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { Clock, Log } from '@effigy/sync'
import type { Peer } from '../peer.ts'

/** What a visit needs of a peer; a page's view of one (`RemotePeer`) has it too. */
export interface WokenPeer {
  readonly settled: (signal: AbortSignal) => Promise<{ readonly sessions: readonly unknown[] }>
  readonly surroundings: { readonly catchUp: () => unknown }
}

export interface WakePorts {
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
  /** The peer that runs already, if one does. */
  readonly running: () => Promise<WokenPeer | null> | WokenPeer | null
  /** Opens one, which dials whom it keeps connected by itself; its disposal closes it. Null: none can be opened here. */
  readonly open: ((signal: AbortSignal) => Promise<WokenPeer & AsyncDisposable>) | null
  /** Ms that a visit may take; 25,000 when omitted: platforms end what takes half a minute. */
  readonly limitMs?: number
}

/**
 * `settled`: everything that anybody has is here, and they have ours. `late`: the time was over first; what came is
 * here. `alone`: nobody was reached, so it is worth while to try again. `asleep`: no peer runs, and none can be opened
 * here. `failed`: with the code of what went wrong.
 */
export type WakeOutcome =
  | { readonly type: 'settled' | 'late' | 'alone' | 'asleep' }
  | { readonly type: 'failed'; readonly code: string }

export interface Wake {
  /** Never rejects. */
  wake(): Promise<WakeOutcome>
}

const usualLimitMs = 25_000

class Late extends Error {
  override readonly name = 'Late'
}

/** Opens nothing by itself: each visit does, and ends what it opened. */
export function createWake(ports: WakePorts): Wake {
  const { clock, log, limitMs = usualLimitMs } = ports
  let visiting: Promise<WakeOutcome> | null = null

  async function visit(): Promise<WakeOutcome> {
    const late = new AbortController()
    using _limit = clock.after(limitMs, () => late.abort(new Late()))
    const { signal } = late
    try {
      const running = await ports.running()
      if (running !== null) {
        await running.surroundings.catchUp()
        return await catchUp(running, signal)
      }
      if (ports.open === null) return { type: 'asleep' }
      await using opened = await ports.open(signal)
      return await catchUp(opened, signal)
    } catch (cause) {
      if (signal.aborted) return { type: 'late' }
      return { type: 'failed', code: cause instanceof EffigyError ? cause.code : 'unknown' }
    }
  }

  async function noted(): Promise<WakeOutcome> {
    try {
      const outcome = await visit()
      log.info('wake.over', { outcome: outcome.type })
      return outcome
    } finally {
      visiting = null
    }
  }

  return { wake: () => (visiting ??= noted()) }
}

async function catchUp(peer: WokenPeer, signal: AbortSignal): Promise<WakeOutcome> {
  const { sessions } = await peer.settled(signal)
  return { type: sessions.length === 0 ? 'alone' : 'settled' }
}

/** A peer in the same program is one. */
export type PeerIsWoken = Peer extends WokenPeer ? true : never
