/**
 * Takes what a box gave: opened, checked, copied, remembered, in this order, before anybody acknowledges it
 * (spec V26-V28, V41-V43, T17, T28).
 *
 *     sealed bytes ─▶ for us? from its signer? new? room?
 *                       ├─▶ copy (durable) ─▶ remember (durable) ─▶ done: may be acknowledged
 *                       └─▶ useless: acknowledged, and nothing kept      no room, later version: left at the box
 *                           own key fails: later
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import { dropMemoryMs, type OpenDropPorts, type OpenedDrop, openDrop, rememberDrop } from '@effigy/sync'
import type { ReceivedDrop } from './drops.ts'
import type { HandOn } from './hand-on.ts'
import type { DropPorts, DropTables } from './ports.ts'
import { maxDropType } from './send.ts'
import type { Senders } from './senders.ts'

/** Drops that wait here, of those who are named and of others, and of one sender each; `idle`: that nothing acts on. */
const rooms = {
  named: {
    all: { items: 5_000, bytes: 64 * 1024 * 1024, perSender: { items: 1_000, bytes: 16 * 1024 * 1024 } },
    idle: { items: 500, bytes: 8 * 1024 * 1024, perSender: { items: 100, bytes: 2 * 1024 * 1024 } },
  },
  requests: {
    all: { items: 500, bytes: 5 * 1024 * 1024, perSender: { items: 20, bytes: 512 * 1024 } },
    idle: { items: 100, bytes: 1024 * 1024, perSender: { items: 20, bytes: 512 * 1024 } },
  },
} as const

/** Drops that are cleared away at once. */
const expiredAtOnce = 256

/** Before it nobody knows what acts on which types, ms: apps begin after the peer. */
const settledMs = 600_000

/** Senders that are kept in mind for whom there was no room; more are as if there were always some. */
const maxRefused = 256

/**
 * `taken`: it waits here now. `useless`: nobody here can act on it. `left`: it stays at the box. `later`: our own key
 * cannot be used now, and nothing is known of it.
 */
export type Taken = 'taken' | 'useless' | 'left' | 'later'

export interface Taker {
  /** Never rejects but for a medium that fails. `id`: of `bytes`. */
  take(id: RawCid, bytes: Uint8Array): Promise<Taken>
  /** A drop that waits here, opened; null: it is gone, or nothing here opens it any more. */
  read(id: RawCid): Promise<ReceivedDrop | null>
  /** Whether some of what was left at the box for want of room would fit now; it is asked for anew then. */
  hasFreed(): boolean
  /** Forgets requests that nobody looked at in 30 days, and what nothing acted on in them. True: there are more. */
  expire(): boolean
}

/** What would have to fit. */
interface Wanted {
  readonly from: Identity
  readonly isRequest: boolean
  readonly isIdle: boolean
  readonly size: number
}

/** `handOn`: what acts on which types, as it is when something is taken. */
export function createTaker(
  ports: DropPorts,
  { taken, seen }: DropTables,
  senders: Senders,
  handOn: () => Pick<HandOn, 'isFor' | 'types'>,
): Taker {
  const { crypto, clock, identity, own } = ports
  const startedMs = clock.monotonic()
  /** By sender and room, the smallest. */
  const refused = new Map<string, Wanted>()
  const opening: OpenDropPorts = {
    crypto,
    seen,
    now: clock.now,
    listedSince: (from) => (senders.list().has(from) ? taken.namedSince(from) : null),
  }
  // Cut off between the copy and its mark: the box still has it, and it is no news.
  for (const one of [
    ...taken.list(false, rooms.named.all.items),
    ...taken.list(true, rooms.requests.all.items),
  ]) {
    if (seen.has(one.from, one.nonce)) continue
    const until = clock.now() + dropMemoryMs
    seen.remember({ from: one.from, nonce: one.nonce, at: one.at, isListed: !one.isRequest }, until)
  }

  function names(): ReadonlySet<Identity> {
    const keys = own.standing().type === 'member' ? (own.authority()?.keys ?? []) : []
    return new Set([identity, ...keys])
  }

  function hasRoom({ from, isRequest, isIdle, size }: Wanted): boolean {
    const { all, idle } = isRequest ? rooms.requests : rooms.named
    const isIn = (room: typeof all | typeof idle, acted?: readonly string[]): boolean =>
      [[room, null] as const, [room.perSender, from] as const].every(([most, whose]) => {
        const { items, bytes } = taken.usage(isRequest, whose, acted)
        return items < most.items && bytes + size <= most.bytes
      })
    return isIn(all) && (!isIdle || isIn(idle, handOn().types(isRequest)))
  }

  function refuse(wanted: Wanted): void {
    const key = `${wanted.from} ${wanted.isRequest} ${wanted.isIdle}`
    const size = refused.get(key)?.size ?? wanted.size
    if (refused.size < maxRefused || refused.has(key)) {
      refused.set(key, { ...wanted, size: Math.min(size, wanted.size) })
    }
  }

  function keep(id: RawCid, sealed: Uint8Array, { drop, byHand }: OpenedDrop): Taken {
    const { from, nonce, at, payload } = drop
    const type = String(payload.type)
    if (type === '' || type.length > maxDropType || from === identity) return 'useless'
    if (ports.circle.blocked().has(from) || seen.has(from, nonce)) return 'useless'
    const isRequest = byHand || !senders.list().has(from)
    const size = sealed.length
    const wanted = { from, isRequest, isIdle: !handOn().isFor({ type, isRequest, byHand }), size }
    if (!hasRoom(wanted)) {
      refuse(wanted)
      return 'left'
    }
    // No waiting between these two: nobody else may act on it, or take it away, before it is remembered.
    taken.put({ id, from, nonce, type, at, takenAt: clock.now(), isRequest, byHand, size }, sealed)
    rememberDrop(drop, opening)
    return 'taken'
  }

  return {
    async take(id, bytes) {
      const opened = await openDrop(bytes, names(), ports.keys(), opening)
      if (opened.ok) return keep(id, bytes, opened.value)
      if (opened.error.code === 'own-key') return 'later'
      // A later version of this software may read it, or a clock that is set right.
      return opened.error.code === 'version' || opened.error.code === 'ahead' ? 'left' : 'useless'
    },
    async read(id) {
      const sealed = taken.bytes(id)
      if (sealed === null) return null
      // It was checked when it came; what it says of its time is kept beside it.
      const again = { ...seen, has: () => false }
      const opened = await openDrop(sealed, names(), ports.keys(), { ...opening, seen: again })
      const info = taken.get(id)
      if (!opened.ok || info === null) return null
      const { from, nonce, at, takenAt, isRequest, byHand } = info
      return { id, from, nonce, at, takenAt, payload: opened.value.drop.payload, isRequest, byHand }
    },
    hasFreed() {
      if (refused.size < maxRefused && ![...refused.values()].some(hasRoom)) return false
      refused.clear()
      return true
    },
    expire() {
      const acted = clock.monotonic() - startedMs < settledMs ? null : handOn().types(false)
      return taken.expire(clock.now() - dropMemoryMs, expiredAtOnce, acted) === expiredAtOnce
    },
  }
}
