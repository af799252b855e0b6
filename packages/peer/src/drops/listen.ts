/**
 * Asks each box that serves us for what waits there, as long as its session stands (spec V23, V25, V42).
 *
 *     met ─▶ friends (our list) ─▶ listen ─offers▶ fetch ─▶ take ─▶ done {ids}
 *                                     ▲                        └─ left ─▶ asked again when there is room
 *                                     └── all that it offered at once is done: there may be more
 *
 * A box is not trusted: what it offers is fetched one after the other, and useless ones with pauses.
 *
 * @module
 */
import {
  EffigyError,
  equalBytes,
  type Identity,
  type JsonObject,
  parseRawCid,
  type RawCid,
  rawCidOfDigest,
  shortName,
} from '@effigy/core'
import { defaultDropLimits, maxSealedDropBytes, type ServiceRefusal } from '@effigy/sync'
import { createPulse, type Pulse } from '../live.ts'
import { rest } from '../rest.ts'
import type { DropPorts } from './ports.ts'
import type { Senders } from './senders.ts'
import type { Taken } from './take.ts'

export interface Listener {
  /** Somebody connected, or serves other services now. */
  met(remote: Identity): void
  /** Our list may have changed. */
  sendersChanged(): void
  /** What was left for want of room may fit now. */
  roomFreed(): void
  /** Every box that serves us has given what it offered at first. */
  isSettled(): boolean
  /** Resolves when nothing runs any more; after the signal. */
  idle(): Promise<unknown>
}

export interface ListenPorts
  extends Pick<DropPorts, 'isBox' | 'call' | 'clock' | 'log' | 'crypto' | 'signal'> {
  readonly senders: Senders
  readonly take: (id: RawCid, bytes: Uint8Array) => Promise<Taken>
  /** `isSettled` may say something else. */
  readonly changed: () => void
}

/** Ids that wait to be fetched from one box; those beyond are offered anew the next time. */
const maxQueued = 2_048

/** Ids in one `done` (V25 allows 100). */
const maxAcknowledged = 50

/** Between two `listen`, ms: a box takes 12 a minute. */
const listenEveryMs = 6_000

/** After a refusal that says nothing else, ms. */
const againMs = 60_000

/** After a box failed at giving one, or we at opening it, ms: the same one may fail each time, and the others are not to wait long. */
const failedMs = 10_000

/** What may be given another time, by the code of the refusal. */
const passing: ReadonlySet<string> = new Set(['too-fast', 'busy', 'internal'])

/** After a drop that was refused, was of no use, or is left there, ms: opening one may cost 64 agreements of keys. */
const uselessMs = 100

/** A box that has not offered anything by then holds nobody up, ms. */
const firstOfferMs = 5_000

/** After a session that ended, ms. */
const meetAgainMs = 1_000

/** Between a change and a new list for the boxes, ms. */
const listSettleMs = 10_000

interface Box {
  readonly remote: Identity
  readonly queue: Set<RawCid>
  readonly acknowledged: RawCid[]
  readonly left: Set<RawCid>
  readonly pulse: Pulse
  /** The list that it took last. */
  told: Uint8Array | null
  /** Monotonic, ms: no other list before. */
  tellAfterMs: number
  isSettled: boolean
  /** Why its `listen` is over. */
  ended: ServiceRefusal | null
  wantsMore: boolean
}

export function createListener(ports: ListenPorts): Listener {
  const { call, clock, log, crypto, signal, senders } = ports
  const boxes = new Map<Identity, Box>()
  const running = new Set<Promise<void>>()
  let listTimer: Disposable | null = null
  /** Timers, by whom they are for. */
  const again = new Map<Identity, Disposable>()

  async function attend(box: Box): Promise<void> {
    const { remote } = box
    using _patience = clock.after(firstOfferMs, () => settle(box))
    while (!signal.aborted && ports.isBox(remote)) {
      const startedMs = clock.monotonic()
      const refusal = await listen(box)
      if (isGone(refusal)) return
      settle(box)
      if (refusal !== null) log.info('drops.refused', { peer: shortName(remote), code: refusal.code })
      const pauseMs = refusal === null ? startedMs + listenEveryMs - clock.monotonic() : againMs
      await rest(clock, Math.max(pauseMs, refusal?.retryMs ?? 0), signal)
    }
  }

  /** Null: it gave all that it offered at once. */
  async function listen(box: Box): Promise<ServiceRefusal | null> {
    const { remote, queue, pulse } = box
    box.ended = null
    box.wantsMore = false
    await tell(box)
    const over = new AbortController()
    const until = AbortSignal.any([signal, over.signal])
    let offered = 0
    let isFirst = true
    let isMore = false
    let isUseful = false
    const onAnswer = ({ value }: { readonly value: JsonObject }): void => {
      const ids = offersIn(value)
      offered += ids.length
      isFirst = false
      for (const id of ids) {
        if (box.left.has(id)) continue
        if (queue.size < maxQueued) queue.add(id)
        else isMore = true
      }
      pulse.fire()
    }
    const listening = call(remote, 'dropbox', 'listen', {}, { signal: until, onAnswer })
      .then((result) => {
        box.ended = result.ok ? { code: 'ended', retryMs: null } : result.error
        // Whatever rests for its sake need not.
        if (isGone(box.ended)) over.abort()
      })
      .catch((cause: unknown) => {
        if (!until.aborted) throw cause
      })
      .finally(pulse.fire)
    try {
      while (!signal.aborted) {
        if (isGone(box.ended)) return box.ended
        const seen = pulse.count
        const [id] = queue
        if (id !== undefined) {
          queue.delete(id)
          await fetch(box, id, until)
          isUseful ||= box.acknowledged.length > 0
          // One that came back waits behind all else that there is to do.
          if (!queue.has(id)) continue
        }
        await acknowledge(box)
        if (box.ended !== null) return box.ended
        if (!isFirst) settle(box)
        // There may be more than a box offers at once, and more than is taken at once; but where all of it was left, just that again.
        isMore ||= isUseful && offered >= Math.min(defaultDropLimits.offered, maxQueued)
        if (box.wantsMore || isMore) return null
        await tell(box)
        if (queue.size === 0) await pulse.after(seen, signal)
      }
      return null
    } finally {
      over.abort()
      await listening
    }
  }

  /** `until`: its session is over. */
  async function fetch(box: Box, id: RawCid, until: AbortSignal): Promise<void> {
    const { remote } = box
    const fetched = await call(remote, 'dropbox', 'fetch', { id }, { signal })
    if (!fetched.ok) {
      const { code, retryMs } = fetched.error
      const isPassing = passing.has(code)
      // Behind the others.
      if (isPassing) box.queue.add(id)
      await rest(clock, Math.max(uselessMs, retryMs ?? (isPassing ? failedMs : 0)), until)
      return
    }
    const { bytes } = fetched.value
    const isIt = bytes.length <= maxSealedDropBytes && rawCidOfDigest(crypto.sha256(bytes)) === id
    const taken = isIt ? await ports.take(id, bytes) : 'left'
    if (taken === 'later') {
      box.queue.add(id)
      return rest(clock, failedMs, until)
    }
    if (taken === 'left') box.left.add(id)
    else box.acknowledged.push(id)
    if (box.acknowledged.length >= maxAcknowledged) await acknowledge(box)
    if (box.left.size > maxQueued) box.left.clear()
    if (taken !== 'taken') await rest(clock, uselessMs, until)
  }

  /** What does not arrive comes again, and is known then. */
  async function acknowledge({ remote, acknowledged }: Box): Promise<void> {
    const ids = acknowledged.splice(0)
    if (ids.length > 0) await call(remote, 'dropbox', 'done', { ids }, { signal })
  }

  async function tell(box: Box): Promise<void> {
    const keys = senders.keys()
    if (box.told !== null && equalBytes(box.told, keys)) return
    if (clock.monotonic() < box.tellAfterMs) return tellLater()
    box.tellAfterMs = clock.monotonic() + listSettleMs
    const told = await call(box.remote, 'dropbox', 'friends', {}, { bytes: keys, signal })
    if (told.ok) {
      // Whose drops were left may be somebody else to us now.
      if (box.told !== null) askAnew(box)
      box.told = keys
    } else {
      box.tellAfterMs = clock.monotonic() + againMs
      tellLater()
    }
  }

  /** For what was left there. */
  function askAnew(box: Box): void {
    if (box.left.size === 0) return
    box.left.clear()
    box.wantsMore = true
    box.pulse.fire()
  }

  function tellLater(): void {
    if (signal.aborted) return
    listTimer ??= clock.after(listSettleMs, () => {
      listTimer = null
      for (const { pulse } of boxes.values()) pulse.fire()
    })
  }

  function settle(box: Box): void {
    if (box.isSettled) return
    box.isSettled = true
    ports.changed()
  }

  /** Another session of the pair may stand by now. */
  function meetAgain(remote: Identity, ms: number): void {
    again.get(remote)?.[Symbol.dispose]()
    again.delete(remote)
    if (signal.aborted) return
    const timer = clock.after(ms, () => {
      again.delete(remote)
      met(remote)
    })
    again.set(remote, timer)
  }

  function met(remote: Identity): void {
    if (signal.aborted || boxes.has(remote) || !ports.isBox(remote)) return
    const box: Box = {
      remote,
      queue: new Set(),
      acknowledged: [],
      left: new Set(),
      pulse: createPulse(),
      told: null,
      tellAfterMs: 0,
      isSettled: false,
      ended: null,
      wantsMore: false,
    }
    boxes.set(remote, box)
    const run = attend(box)
      .then(
        () => meetAgainMs,
        (cause: unknown) => {
          // A medium that fails here fails whoever writes next, and is told there; nothing was acknowledged.
          if (!signal.aborted && !(cause instanceof EffigyError)) throw cause
          const code = cause instanceof EffigyError ? cause.code : 'closed'
          if (!signal.aborted) log.warn('drops.failed', { peer: shortName(remote), code })
          return againMs
        },
      )
      .then((ms) => {
        boxes.delete(remote)
        running.delete(run)
        meetAgain(remote, ms)
        ports.changed()
      })
    running.add(run)
  }

  return {
    met,
    sendersChanged() {
      senders.changed()
      if (boxes.size > 0) tellLater()
    },
    roomFreed() {
      for (const box of boxes.values()) askAnew(box)
    },
    isSettled: () => [...boxes.values()].every((box) => box.isSettled),
    async idle() {
      listTimer?.[Symbol.dispose]()
      for (const timer of again.values()) timer[Symbol.dispose]()
      await Promise.all(running)
    },
  }
}

const isGone = (refusal: ServiceRefusal | null): boolean =>
  refusal?.code === 'cut' || refusal?.code === 'not-connected'

/** What cannot be read is passed over: a box that speaks nonsense offers nothing. */
function offersIn({ drops }: JsonObject): readonly RawCid[] {
  if (!Array.isArray(drops) || drops.length > 100) return []
  return drops.flatMap((drop: unknown) => {
    const id = typeof drop === 'object' && drop !== null && 'id' in drop ? drop.id : null
    return typeof id === 'string' ? (parseRawCid(id) ?? []) : []
  })
}
