/**
 * Puts the parts of `peer.drops` together (drops.ts).
 *
 * @module
 */
import { EffigyError, type Identity, type RawCid } from '@effigy/core'
import type { StoreChange } from '@effigy/store'
import { createPulse, liveAnswers, type Pulse } from '../live.ts'
import type { DropCounts, PeerDrops, ReceivedDrop } from './drops.ts'
import { createHandOn, type HandOn } from './hand-on.ts'
import { createListener } from './listen.ts'
import type { DropPorts } from './ports.ts'
import { sendDrop } from './send.ts'
import { createSenders } from './senders.ts'
import { createTaker } from './take.ts'

export interface OpenDrops {
  readonly api: PeerDrops
  /** Fires when one came or went, or may have. */
  readonly news: Pulse
  /** A drop that waits here, opened; null: it is gone, or nothing here opens it any more. */
  readonly read: (id: RawCid) => Promise<ReceivedDrop | null>
  /** Somebody connected, or serves other services now. */
  met(remote: Identity): void
  /** For each commit. */
  changed(change: StoreChange): void
  /** Lets go of some of what is due. True: there is more. */
  clear(): boolean
  /** After the signal: resolves when nothing runs any more. */
  idle(): Promise<unknown>
}

/** Given at once. */
const maxListed = 500

/** A store without tables for drops sends, and takes nothing. */
export function openDrops(ports: DropPorts): OpenDrops {
  const { store, clock, log, signal } = ports
  const { takenDrops: taken, seenDrops: seen } = store
  const send: PeerDrops['send'] = (to, payload, options) =>
    sendDrop(to, payload, AbortSignal.any([options.signal, signal]), ports)
  if (taken === undefined || seen === undefined) return sendingOnly(send)

  const pulse = createPulse()
  const senders = createSenders(ports, taken)
  const taker = createTaker(ports, { taken, seen }, senders, () => handOn)
  const handOn: HandOn = createHandOn({ taken, read: taker.read, clock, log, changed, signal })
  // One at a time, whatever box it comes from: nobody is faster than the look at what is remembered.
  let turn: Promise<unknown> = Promise.resolve()
  const listener = createListener({
    ...ports,
    senders,
    async take(id, bytes) {
      const mine = turn.then(() => taker.take(id, bytes))
      turn = mine.catch(() => {})
      const result = await mine
      const drop = result === 'taken' ? taken.get(id) : null
      if (drop !== null) handOn.offer(drop)
      pulse.fire()
      return result
    },
    changed: pulse.fire,
  })

  function changed(): void {
    if (taker.hasFreed()) listener.roomFreed()
    pulse.fire()
  }

  function demand(isThere: boolean): void {
    if (!isThere) throw new EffigyError('drop-unknown', 'There is no such drop here, or no longer.')
  }

  const counts = (): DropCounts => ({
    waiting: taken.usage(false, null).items,
    requests: taken.usage(true, null).items,
  })

  return {
    api: {
      send,
      handle(type, act, options) {
        const handling = handOn.handle(type, act, options)
        // What was left as nobody's has more room now.
        listener.roomFreed()
        return handling
      },
      async list(which) {
        const drops = taken.list(which === 'requests', maxListed)
        const read = await Promise.all(drops.map(({ id }) => taker.read(id)))
        return read.filter((drop) => drop !== null)
      },
      accept(id: RawCid) {
        demand(taken.accept(id))
        const drop = taken.get(id)
        if (drop !== null) handOn.offer(drop)
        changed()
      },
      remove(id: RawCid) {
        demand(taken.remove(id))
        changed()
      },
      counts: (until) => liveAnswers(counts, pulse, AbortSignal.any([until, signal])),
      async settled(until) {
        const over = AbortSignal.any([until, signal])
        for (;;) {
          over.throwIfAborted()
          const before = pulse.count
          if (listener.isSettled() && handOn.isIdle) return
          await pulse.after(before, over)
        }
      },
    },
    news: pulse,
    read: taker.read,
    met: listener.met,
    changed({ views, synods }) {
      if (views || (synods?.size ?? 0) > 0) listener.sendersChanged()
    },
    clear() {
      const isMore = taker.expire()
      changed()
      return isMore
    },
    idle: () => Promise.all([listener.idle(), handOn.idle(), turn]),
  }
}

function sendingOnly(send: PeerDrops['send']): OpenDrops {
  const lacking = (): never => {
    throw new EffigyError('store-lacks', 'This store cannot keep drops.')
  }
  return {
    api: {
      send,
      handle: () => ({ [Symbol.dispose]() {} }),
      list: async () => [],
      accept: lacking,
      remove: lacking,
      async *counts() {
        yield { waiting: 0, requests: 0 }
      },
      settled: async () => {},
    },
    news: createPulse(),
    read: async () => null,
    met() {},
    changed() {},
    clear: () => false,
    idle: async () => {},
  }
}
