/**
 * Puts the parts of `peer.leases` together, and tends what was promised by itself (leases.ts, spec V37).
 *
 *     met ─▶ soon ─┐
 *     every hour ──┼─▶ tend each holder that is connected, one round at a time
 *     ask, end ────┘
 *
 * @module
 */
import { EffigyError, type Identity, shortName } from '@effigy/core'
import type { LeasePromise, LeasePromises } from '@effigy/store'
import { leaseCopyMs } from '@effigy/sync'
import { createPulse, liveAnswers } from '../live.ts'
import { ownDevices } from '../own/devices.ts'
import { rest } from '../rest.ts'
import type { GivenLease, LeaseHolderView, LeaseOutcome, LeaseState, PeerLeases } from './leases.ts'
import { hourMs, type LeasePorts } from './ports.ts'
import { sizeOf } from './reservation.ts'
import { type Tended, tendHolder } from './tend.ts'
import { allTerms, type LeaseTerms, maxDays, saveTerms, termsFor } from './terms.ts'

export interface OpenLeases extends Disposable {
  readonly api: PeerLeases
  /** Somebody connected, or serves other services now. */
  met(remote: Identity): void
  /** After the signal: resolves when nothing runs any more. */
  idle(): Promise<unknown>
}

/** After somebody connected, ms: what is new goes first. */
const soonMs = 3_000

/** All connected holders, ms. */
const everyMs: number = hourMs

/** The longest pause before what was refused is asked for again, ms; the first is what the holder says. */
const longestPauseMs: number = hourMs

/** For one round, ms: who does not answer holds nobody up. */
const patienceMs = 30_000

/** Nobody answered. */
const nothing: Tended = { outcomes: [], retryMs: null }

/** While a person waits: so often, and after so long, ms, doubled each time. */
const arrivalTries = 3
const arrivalMs = 1_000

const defaultDays = 30
const defaultBlobs: number = 64 * 1024 * 1024

export function openLeases(ports: LeasePorts): OpenLeases {
  const { store, clock, log, signal } = ports
  const { promises } = store
  if (promises === undefined) return withoutTable(ports)
  const pulse = createPulse()
  /** One round at a time with each. */
  const turns = new Map<Identity, Promise<unknown>>()
  const timers = new Map<Identity, Disposable>()
  const refusedTimes = new Map<Identity, number>()
  let timer = clock.after(everyMs, hourly)

  function hourly(): void {
    timer = clock.after(everyMs, hourly)
    for (const holder of ports.holders()) byItself(holder)
  }

  function later(holder: Identity, ms: number): void {
    if (signal.aborted || timers.has(holder)) return
    timers.set(
      holder,
      clock.after(ms, () => {
        timers.delete(holder)
        if (ports.isHolder(holder)) byItself(holder)
      }),
    )
  }

  /** What a store or the other side makes fail is tried again with the next occasion. */
  function byItself(holder: Identity): void {
    round(holder, termsFor(holder, ports), false, signal).catch((cause: unknown) => {
      if (signal.aborted) return
      const code = cause instanceof EffigyError ? cause.code : 'unknown'
      log.warn('lease.untended', { peer: shortName(holder), code })
    })
  }

  function round(
    holder: Identity,
    terms: LeaseTerms | null,
    isAsked: boolean,
    until: AbortSignal,
  ): Promise<Tended> {
    const before = turns.get(holder) ?? Promise.resolve()
    const mine = before.then(async () => {
      until.throwIfAborted()
      const late = new AbortController()
      using _patience = clock.after(patienceMs, () => late.abort())
      const given = { holder, terms, isAsked, signal: AbortSignal.any([until, signal, late.signal]) }
      const tended = await tendHolder(given, ports, promises as LeasePromises).catch((cause: unknown) => {
        if (until.aborted || signal.aborted || !late.signal.aborted) throw cause
        return nothing
      })
      pulse.fire()
      ports.onChange()
      again(holder, tended.retryMs)
      return tended
    })
    const ended = mine.catch(() => {})
    turns.set(holder, ended)
    void ended.then(() => {
      if (turns.get(holder) === ended) turns.delete(holder)
    })
    return mine
  }

  function again(holder: Identity, retryMs: number | null): void {
    const times = retryMs === null ? 0 : (refusedTimes.get(holder) ?? 0) + 1
    refusedTimes.set(holder, times)
    if (retryMs === null) return
    const pauseMs = Math.min(longestPauseMs, Math.max(retryMs, soonMs) * 2 ** Math.min(times - 1, 10))
    later(holder, pauseMs)
  }

  const list = (): readonly GivenLease[] =>
    (promises as LeasePromises).list().map((one) => given(one, clock.now()))

  return {
    api: {
      async ask(holder, { days = defaultDays, blobs = defaultBlobs, signal: until }) {
        const terms = { days, blobs }
        assertTerms(terms)
        await saveTerms(holder, terms, ports)
        let { outcomes } = await round(holder, terms, true, until)
        // The last entry, the one that says so, may not have arrived there.
        for (let tries = 0; tries < arrivalTries && outcomes.some(isNotHeld); tries++) {
          await rest(clock, arrivalMs * 2 ** tries, AbortSignal.any([until, signal]))
          outcomes = (await round(holder, terms, true, until)).outcomes
        }
        return outcomes
      },
      async end(holder, { signal: until }) {
        const terms = { days: 0, blobs: 0 }
        await saveTerms(holder, terms, ports)
        await round(holder, terms, true, until)
      },
      async tend({ holder, signal: until }) {
        const holders = holder === undefined ? ports.holders() : [holder]
        await Promise.all(holders.map((one) => round(one, termsFor(one, ports), holder !== undefined, until)))
      },
      holders: () => holdersOf(ports),
      size: (holder, { blobs = defaultBlobs } = {}) =>
        sizeOf(
          ownDevices(store, ports.identity).filter((feed) => feed !== holder),
          blobs,
          store,
        ),
      list,
      changes: (until) => liveAnswers(list, pulse, AbortSignal.any([until, signal])),
      copies: (feed) => list().filter((one) => one.feed === feed && one.state === 'checked').length,
      held: () => heldFor(ports),
    },
    met(remote) {
      if (!ports.isHolder(remote)) return
      ports.onChange()
      later(remote, soonMs)
    },
    idle: () => Promise.all(turns.values()),
    [Symbol.dispose]() {
      timer[Symbol.dispose]()
      for (const one of timers.values()) one[Symbol.dispose]()
      timers.clear()
    },
  }
}

const isNotHeld = (outcome: LeaseOutcome): boolean =>
  outcome.type === 'refused' && outcome.code === 'not-held'

/** V34, at `now`, ms. */
export function stateOf({ until, passedAt, failure }: LeasePromise, now: number): LeaseState {
  if (failure === 'gone') return 'gone'
  if (until <= now) return 'ended'
  if (failure !== null) return 'failed'
  if (passedAt === null) return 'promised'
  return passedAt <= now && now - passedAt < leaseCopyMs ? 'checked' : 'unchecked'
}

function given(promise: LeasePromise, now: number): GivenLease {
  const { holder, for: feed, epoch, length, head, blobs, until, bytes, passedAt, failure } = promise
  const state = stateOf(promise, now)
  return { holder, feed, state, epoch, length, head, blobs, until, bytes, checkedAt: passedAt, failure }
}

function assertTerms({ days, blobs }: LeaseTerms): void {
  const isWhole = Number.isSafeInteger(days) && Number.isSafeInteger(blobs)
  if (isWhole && days >= 1 && days <= maxDays && blobs >= 0) return
  throw new EffigyError(
    'lease-terms',
    `A lease is for 1 to ${maxDays} whole days, with files of whole bytes.`,
  )
}

function holdersOf(ports: LeasePorts): readonly LeaseHolderView[] {
  const offered = new Set(ports.holders())
  const wanted = allTerms(ports)
  return [...new Set([...offered, ...wanted.keys()])].sort().map((holder) => ({
    holder,
    isOffered: offered.has(holder),
    wanted: wanted.get(holder) ?? null,
  }))
}

function heldFor({ store: { leases } }: LeasePorts): ReturnType<PeerLeases['held']> {
  return (leases?.feeds() ?? []).flatMap((feed) => {
    const lease = leases?.get(feed) ?? null
    return lease === null || lease.isReleased
      ? []
      : [{ feed, owner: lease.owner, until: lease.until, bytes: lease.bytes }]
  })
}

/** A store that keeps no promises asks for none. */
function withoutTable(ports: LeasePorts): OpenLeases {
  const lacking = async (): Promise<readonly LeaseOutcome[]> => {
    throw new EffigyError('store-lacks', 'This store cannot keep what others promise.')
  }
  return {
    api: {
      ask: lacking,
      async end() {
        await lacking()
      },
      async tend() {},
      holders: () => [],
      size: () => ({ bytes: 0, missing: 0 }),
      list: () => [],
      async *changes() {
        yield []
      },
      copies: () => 0,
      held: () => heldFor(ports),
    },
    met() {},
    idle: async () => {},
    [Symbol.dispose]() {},
  }
}
