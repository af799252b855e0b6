/**
 * Seeks direct ways, and tells how it goes (direct.ts, spec R20-R28).
 *
 *     presence, trust, sessions, a person ─look▶ whom to seek ─▶ approaches ⇄ signals
 *     offers of others ─own or friend, or asked for?─▶ approach      else ─▶ not a word
 *
 * @module
 */
import { EffigyError, type Identity, type JsonObject, type RandomBytes, shortName } from '@effigy/core'
import type { NegotiateOptions, RtcPort, RtcRole } from '@effigy/links'
import type { Store } from '@effigy/store'
import type { Clock, Link, Log, Session, Trust } from '@effigy/sync'
import { type ApproachParts, loadApproach } from '#later'
import { createPulse, liveAnswers } from '../live.ts'
import type { OpenSignals } from '../presence/open-signals.ts'
import type { ReceivedSignal } from '../presence/signals.ts'
import type { Signaller } from '../reach.ts'
import { rest } from '../rest.ts'
import type { SavingMode } from '../saving.ts'
import type { Approach } from './approach.ts'
import { type Candidate, chooseSought, maxOfPerson } from './choice.ts'
import type { DirectDevice, DirectReason, DirectView, PeerDirect } from './direct.ts'

export interface DirectPorts {
  /** Null: this device makes none. */
  readonly rtc: RtcPort | null
  readonly store: Pick<Store, 'setting' | 'saveSetting'>
  readonly self: Identity
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly say: OpenSignals['say']
  /** What other devices say to this one by themselves. */
  readonly words: (signal: AbortSignal) => AsyncIterable<ReceivedSignal>
  readonly signallers: () => readonly Signaller[]
  readonly trust: (other: Identity) => Trust
  /** One name for all devices of a person. */
  readonly personOf: (other: Identity) => string
  readonly isBlocked: (other: Identity) => boolean
  /** Whether they may know that this device is here (V69). */
  readonly shows: (other: Identity) => boolean
  /** The one that stands. */
  readonly session: (other: Identity) => Session | null
  readonly meet: (link: Link, role: RtcRole, expect: Identity) => Promise<string>
  readonly iceServers: NegotiateOptions['iceServers']
  readonly saving: () => SavingMode
  /** Nobody looks (R41). */
  readonly isResting: () => boolean
  /** Whether a key that they are written to with is here (V67). */
  readonly hasKey: (other: Identity) => boolean
  /** A person asks for others than before: they are shown that this device is here, and reached through a hub meanwhile. */
  readonly sought: () => void
  /** Something that `status` shows has changed. */
  readonly changed: () => void
  /** The peer is closed. */
  readonly signal: AbortSignal
}

export interface OpenDirect {
  readonly api: PeerDirect
  isAsked(identity: Identity): boolean
  /** All of them. */
  readonly asked: readonly Identity[]
  /** Presence, trust, blocks, sessions or sparing may be others. */
  look(): void
  /** Keys may be here that were not. */
  viewsChanged(): void
  /** This device slept (R45). */
  woke(): void
  /** What a hub handed on as theirs was refused (V67, V68). */
  refused(hub: Identity, from: Identity, code: string): void
  isTurn(identity: Identity): boolean
  /** Why there is no direct way, or none better; null where there is nothing to say. */
  why(identity: Identity): DirectReason | null
  /** Once the peer's signal is aborted and its sessions are over; resolves when nothing is under way any more. */
  close(): Promise<void>
}

/** Whom a person may ask for. */
const maxAsked = 64

/** Ways that stand or are made, whoever began: who comes above finds nobody. */
const maxApproaches = 64

/** Offers and what follows them, kept until what makes ways is loaded: beyond it they are lost, as on any bad way. */
const maxEarly = 256

/** Until it is tried again where that could not be had, ms. */
const reloadMs = 10_000

/** Own tries under way. */
const maxTrying = 4

/** The greater identity leaves the first offer to the lesser, and offers after so long, ms. */
const deferMs = 4_000

/** Much changes at once, ms. */
const settleMs = 50

const hidesKey = 'direct.hides-address'

export function openDirect(ports: DirectPorts): OpenDirect {
  const { rtc, store, self, clock, log, trust, isBlocked, signal } = ports
  const approaches = new Map<Identity, Approach>()
  const closing = new Set<Promise<void>>()
  const asked = new Set<Identity>()
  /** `clock.monotonic()` since when somebody is sought. */
  const soughtSince = new Map<Identity, number>()
  /** Nothing can be said to them until the views change. */
  const keyless = new Set<Identity>()
  const pulse = createPulse()
  /** Null: nobody needed a way yet. */
  let parts: ApproachParts | null = null
  let isLoading = false
  let early: ReceivedSignal[] = []
  let hidesAddress = store.setting(hidesKey) === 'true'
  let timer: { readonly atMs: number; readonly set: Disposable } | null = null

  const policy = (other: Identity) => (hidesAddress || !isNear(other) ? 'relay' : 'all')
  const isNear = (other: Identity): boolean => ['own', 'friend'].includes(trust(other))
  /** Whether they are answered at all: everybody else hears nothing (T20, T30). */
  const isWelcome = (other: Identity): boolean =>
    other !== self && !isBlocked(other) && (isNear(other) || asked.has(other))

  function changed(): void {
    ports.changed()
    pulse.fire()
    soon(settleMs)
  }

  const isBounded = (identity: Identity): boolean => !asked.has(identity) && trust(identity) !== 'own'

  /** Null: there are enough, of all or of that person. */
  function approachTo(identity: Identity): Approach | null {
    const known = approaches.get(identity)
    if (rtc === null || known?.isBusy === true) return known ?? null
    const busy = [...approaches.values()].filter(({ isBusy }) => isBusy)
    const person = ports.personOf(identity)
    const isOfThem = (one: Approach): boolean =>
      isBounded(one.identity) && ports.personOf(one.identity) === person
    const isFull = isBounded(identity) && busy.filter(isOfThem).length >= maxOfPerson
    if (isFull || busy.length >= maxApproaches) return null
    if (known !== undefined) return known
    const made = ready()?.createApproach(identity, {
      ...{ rtc, clock, random: ports.random, log, self, changed },
      policy: () => policy(identity),
      iceServers: ports.iceServers,
      say: ports.say,
      hasKey: () => ports.hasKey(identity),
      meet: ports.meet,
    })
    if (made === undefined) return null
    approaches.set(identity, made)
    return made
  }

  /** What makes ways; null while a browser loads it (decision 0022). */
  function ready(): ApproachParts | null {
    if (parts !== null || isLoading) return parts
    const loaded = loadApproach()
    if (!(loaded instanceof Promise)) {
      parts = loaded
      return parts
    }
    isLoading = true
    void loaded.then(
      (found) => {
        parts = found
        isLoading = false
        for (const { from, payload } of early.splice(0)) if (!signal.aborted) take(from, payload)
        soon(0)
      },
      () => {
        isLoading = false
        early = []
        soon(reloadMs)
      },
    )
    return null
  }

  function present(): ReadonlySet<Identity> {
    return new Set(ports.signallers().flatMap(({ present: there }) => [...there]))
  }

  /** At an address, say: a session that needs no hub, and is none of ours. */
  function hasOther(identity: Identity): boolean {
    const kind = ports.session(identity)?.link.kind
    return kind !== undefined && kind !== 'relay' && kind !== 'webrtc'
  }

  function candidates(): readonly Candidate[] {
    const there = present()
    return [...new Set([...asked, ...there])].flatMap((identity): readonly Candidate[] => {
      if (!isWelcome(identity) || hasOther(identity) || keyless.has(identity)) return []
      if (!there.has(identity) && isNear(identity)) return []
      // An offer tells that we are here.
      if (!asked.has(identity) && !ports.shows(identity)) return []
      const circle = asked.has(identity) ? 'asked' : trust(identity) === 'own' ? 'own' : 'friend'
      const { isBusy = false, triedAtMs = null } = approaches.get(identity) ?? {}
      // Who seeks us comes through all the same.
      if (circle === 'friend' && !isBusy && ports.isResting()) return []
      return [{ identity, person: ports.personOf(identity), circle, isBusy, triedAtMs }]
    })
  }

  function soon(ms: number): void {
    if (signal.aborted || rtc === null) return
    const atMs = clock.monotonic() + ms
    if (timer !== null && timer.atMs <= atMs) return
    timer?.set[Symbol.dispose]()
    timer = {
      atMs,
      set: clock.after(ms, () => {
        timer = null
        look()
      }),
    }
  }

  function look(): void {
    const nowMs = clock.monotonic()
    const found = candidates()
    const sought = chooseSought(found, ports.saving())
    for (const identity of soughtSince.keys()) if (!sought.has(identity)) soughtSince.delete(identity)
    for (const [identity, approach] of approaches) {
      const isLost = !isWelcome(identity)
      if (isLost) approach.leave('refused')
      const isThere = found.some((candidate) => candidate.identity === identity)
      // What failed is forgotten with them: when they come back they are tried anew.
      if (isLost || (!approach.isBusy && !isThere)) dismiss(approach)
    }
    let trying = [...approaches.values()].filter(({ state }) => state === 'connecting').length
    let nextMs = Number.POSITIVE_INFINITY
    for (const identity of sought) {
      const approach = approachTo(identity)
      if (approach === null || approach.isBusy) continue
      if (!soughtSince.has(identity)) soughtSince.set(identity, nowMs)
      const dueMs = dueOf(approach)
      if (dueMs > nowMs) nextMs = Math.min(nextMs, dueMs)
      else if (!ports.hasKey(identity)) {
        // Somebody else has its place meanwhile.
        keyless.add(identity)
        nextMs = nowMs
      } else if (trying < maxTrying) {
        trying++
        log.info('direct.attempt', { peer: shortName(identity) })
        approach.attempt()
      }
    }
    if (nextMs < Number.POSITIVE_INFINITY) soon(Math.max(nextMs - nowMs, settleMs))
  }

  function dueOf({ identity, retryAtMs }: Approach): number {
    // Both may seek; a person does not wait.
    const defers = self > identity && !asked.has(identity)
    const sinceMs = (soughtSince.get(identity) ?? 0) + (defers ? deferMs : 0)
    return Math.max(sinceMs, retryAtMs ?? 0)
  }

  function dismiss(approach: Approach): void {
    approaches.delete(approach.identity)
    const closed = approach.close()
    closing.add(closed)
    void closed.then(() => closing.delete(closed))
  }

  function take(from: Identity, payload: JsonObject): void {
    // Only an offer begins anything; and who is here already needs none.
    const isKnown = approaches.has(from)
    if (!isWelcome(from) || (!isKnown && (payload.type !== 'rtcoffer' || hasOther(from)))) return
    approachTo(from)?.take(payload)
  }

  async function listen(): Promise<void> {
    for await (const said of ports.words(signal)) {
      take(said.from, said.payload)
      if (isLoading && isWelcome(said.from) && early.length < maxEarly) early.push(said)
    }
  }

  function retry(): void {
    for (const approach of approaches.values()) approach.forgive()
    soon(0)
  }

  function why(identity: Identity): DirectReason | null {
    if (rtc === null) return 'no-webrtc'
    const approach = approaches.get(identity)
    const own = approach?.why ?? null
    if (own !== null || approach?.state === 'open') return own
    if (!isWelcome(identity)) return 'not-friends'
    if (ports.signallers().length === 0) return 'no-hub'
    if (!present().has(identity)) return 'not-there'
    if (!asked.has(identity) && !ports.shows(identity)) return 'unseen'
    if (keyless.has(identity)) return 'no-key'
    if (soughtSince.has(identity)) return 'connecting'
    return ports.saving() === 'none' ? 'enough' : 'saving'
  }

  const wallOf = (monotonicMs: number | null): number | null =>
    monotonicMs === null ? null : Math.round(clock.now() - clock.monotonic() + monotonicMs)

  function deviceOf(identity: Identity): DirectDevice {
    const approach = approaches.get(identity)
    return {
      identity,
      isAsked: asked.has(identity),
      state: approach?.state ?? 'waiting',
      isTurn: approach?.isTurn ?? false,
      why: why(identity),
      retryAt: wallOf(approach?.retryAtMs ?? null),
      hub: approach?.hub ?? null,
    }
  }

  function view(): DirectView {
    const identities = [...new Set([...approaches.keys(), ...asked])].sort()
    return { isAble: rtc !== null, hidesAddress, devices: identities.map(deviceOf) }
  }

  /** After the sessions, which take their leave first. */
  async function close(): Promise<void> {
    for (const approach of [...approaches.values()]) dismiss(approach)
    await Promise.all([listening, ...closing])
  }

  const listening = rtc === null ? Promise.resolve() : listen()
  const watching = rtc?.watchNetwork(retry)
  const stop = (): void => {
    timer?.set[Symbol.dispose]()
    watching?.[Symbol.dispose]()
  }
  if (rtc !== null) signal.addEventListener('abort', stop, { once: true })

  return {
    isAsked: (identity) => asked.has(identity),
    get asked() {
      return [...asked]
    },
    look: () => soon(settleMs),
    viewsChanged() {
      for (const approach of approaches.values()) approach.viewsChanged()
      if (keyless.size === 0) return
      keyless.clear()
      soon(settleMs)
    },
    refused(hub, from, code) {
      // Of whom nothing is awaited a hub may make up as much as it likes.
      const approach = approaches.get(from)
      if (approach === undefined || signal.aborted) return
      log.warn('direct.hub-changed', { hub: shortName(hub), peer: shortName(from), code })
      approach.refused(hub, code)
    },
    woke() {
      for (const approach of approaches.values()) approach.woke()
    },
    isTurn: (identity) => approaches.get(identity)?.isTurn ?? false,
    why,
    close,
    api: {
      isAble: rtc !== null,
      get hidesAddress() {
        return hidesAddress
      },
      setHidesAddress(hides) {
        if (hides === hidesAddress) return
        store.saveSetting(hidesKey, String(hides))
        hidesAddress = hides
        // One that goes over a relay too: it was made to show the address, and has.
        if (hides) for (const approach of approaches.values()) approach.leave('hidden')
        retry()
        changed()
      },
      seek(identity) {
        if (!asked.has(identity) && asked.size >= maxAsked) {
          throw new EffigyError('too-many', `At most ${maxAsked} devices can be asked for.`)
        }
        asked.add(identity)
        approaches.get(identity)?.forgive()
        ports.sought()
        changed()
      },
      leave(identity) {
        if (!asked.delete(identity)) return
        ports.sought()
        changed()
      },
      retry,
      now: view,
      async *watch(given) {
        const until = AbortSignal.any([given, signal])
        for await (const current of liveAnswers(view, pulse, until)) {
          yield current
          await rest(clock, 100, until)
        }
      },
      stats: async (identity) => (await approaches.get(identity)?.stats()) ?? null,
    },
  }
}
