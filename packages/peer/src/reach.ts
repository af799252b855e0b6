/**
 * How this device reaches others through hubs, and is reached (spec V60-V76).
 *
 *     circles of a person ─online▶ hub ─presence▶ who is there ─▶ own ones are dialled through it
 *     messages, refused attempts ─▶ presence/ (what a person and apps see of them)
 *     dial(hub, to) ─openrelay▶ circuit ─▶ Link      relayed ─▶ Link ─▶ accept
 *
 * @module
 */
import { EffigyError, type Identity } from '@effigy/core'
import { relayLink } from '@effigy/links'
import {
  type Attempted,
  type CallClient,
  type Circuits,
  type Clock,
  createCircuits,
  createPace,
  createSignals,
  type FrameBytes,
  isRelaying,
  isSignal,
  type Link,
  type Message,
  type ServiceRefusal,
  type Session,
  type SignalHub,
  type SignalHubPorts,
  type SignalLimits,
  type Signals,
  type Visibility,
} from '@effigy/sync'
import { relayAddress } from './address.ts'
import { createPulse, type Pulse } from './live.ts'
import type { Connection } from './peer.ts'

/** What a hub decides of what it carries. */
export interface SignallingOptions {
  /** Counts bytes of circuits to who opened them; false when there may be no more. */
  readonly carries: (opener: Identity, bytes: number) => boolean
  /** Bounds that shall differ from `defaultSignalLimits`. */
  readonly limits?: Partial<SignalLimits>
  /** Who signals through it and is reached through it; everybody when omitted. */
  readonly isFor?: (identity: Identity) => boolean
  /** Told to whoever has a session; `open` when omitted. */
  readonly privacy?: HubPrivacy
  /** Who may see all others who may, if they wish it; nobody when omitted. */
  readonly room?: (identity: Identity) => boolean
  /** In place of the shipping one: for hubs that are made of several processes, or are hostile on purpose. */
  readonly createHub?: (ports: SignalHubPorts) => SignalHub
}

/** Who has a session with a hub, and who signals through it (V65). */
export type HubPrivacy = 'open' | 'community' | 'restricted'

/** By their names among what a hub provides (V65). */
const privacyNames: readonly HubPrivacy[] = ['community', 'restricted']

/** The name of the room among what a hub provides (V64). */
const roomName = 'room'

export interface ReachDeps {
  readonly clock: Clock
  readonly self: Identity
  /** Whom this device shows itself to, and hears of; as a person chose. */
  readonly visibility: () => Omit<Visibility, 'open'>
  /** Of a chosen hub. */
  readonly onMessage: (hub: Signaller, from: Identity, payload: Uint8Array) => void
  readonly onAttempts: (hub: Identity, attempted: Attempted) => void
  /** Somebody came or went, a hub too. */
  readonly onPresence: () => void
  readonly isOwn: (other: Identity) => boolean
  /** A person asks for them: reached through a hub where there is no better way. */
  readonly isAsked: (other: Identity) => boolean
  readonly hasSession: (other: Identity) => boolean
  readonly connect: (address: string, expect: Identity | null) => Connection
  /** Addresses that are kept connected. */
  readonly connections: () => readonly Connection[]
  /** A link that somebody opened through a hub. */
  readonly accept: (link: Link) => void
  readonly signal: AbortSignal
}

/** One session, as far as its other side is a hub. */
export interface ReachSession {
  readonly remote: Identity
  /** Of the other side, the hub. */
  readonly hubRole: Session['role']
  /** A hub that was found on the way learns nothing of one's circle, and brings nobody. */
  readonly isChosen: boolean
  /** A session that is over takes nothing. */
  send(message: Message, bytes?: FrameBytes): void
  token(service: string): ReturnType<CallClient['token']>
}

export interface ReachPort extends Disposable {
  /** What the hub says that it does. */
  provided(services: readonly string[]): void
  take(message: Message, bytes: Uint8Array): boolean
}

export interface Reach extends Disposable {
  open(session: ReachSession): ReachPort
  /** Goes through the hub at `hub`, to whom it is connected for that where it is not. Rejects with `EffigyError` 'unreachable', or the signal's reason. */
  dial(hub: string, to: Identity, signal: AbortSignal): Promise<Link>
  /** The circle may be another one. */
  changed(): void
  /** A person chose another one: told at once. */
  chose(): void
  /** While true, whoever names this device reaches it: a code is shown. */
  setOpen(isOpen: boolean): void
  /** Chosen hubs through which this device can be reached: identity and address. */
  readonly hubs: readonly (readonly [Identity, string])[]
  /** Chosen hubs that signal for us. */
  readonly signallers: readonly Signaller[]
}

/** A chosen hub, as far as presence and messages go. */
export interface Signaller {
  readonly hub: Identity
  readonly privacy: HubPrivacy
  readonly isRoom: boolean
  /** It took what was chosen last, and told of everybody of the circles who is there. */
  readonly isTold: boolean
  /** Who is there, of those of whom we want to hear. */
  readonly present: ReadonlySet<Identity>
  /** Who is in its room with us. */
  readonly inRoom: ReadonlySet<Identity>
  readonly messageTo: Signals['messageTo']
}

/** A class, because each session has one, most of whose other sides are no hubs. */
class Hub {
  readonly session: ReachSession
  signals: Signals | null = null
  circuits: Circuits | null = null
  doesRelay = false
  doesSignal = false
  isRoom = false
  privacy: HubPrivacy = 'open'
  /** What it was told, as text; null when it should be told again. */
  told: string | null = null
  /** What it took of that last; also what need not be told. */
  took: string | null = null

  constructor(session: ReachSession) {
    this.session = session
  }
}

/** Ms from a change of the views to a look at whom they name, and how often, on average and at once: they change with each batch of entries (V61). */
const settleMs = 50
const looksPerSecond = 1
const looksAtOnce = 8

/** Ms at least, after a hub refused. */
const againAtLeastMs = 1_000

/** After a hub refused, ms. */
const againMs = 30_000

export function createReach(deps: ReachDeps): Reach {
  const { clock, self, signal } = deps
  const hubs = new Map<Identity, Hub>()
  const dialled = new Map<Identity, Connection>()
  const pulse: Pulse = createPulse()
  let isOpen = false
  const looks = createPace(looksPerSecond, looksAtOnce)
  let timer: { readonly atMs: number; readonly set: Disposable } | null = null

  function signaller(hub: Hub): Signaller {
    const { session, privacy, isRoom } = hub
    const { present, inRoom, messageTo } = signalsOf(hub)
    return {
      ...{ hub: session.remote, privacy, isRoom, present, inRoom, messageTo },
      get isTold() {
        return hub.took === wish(hub).text
      },
    }
  }

  function addressOf(hub: Identity): string | null {
    const found = deps
      .connections()
      .find(({ state }) => state.type === 'connected' && state.identity === hub)?.address
    return found === undefined ? null : `${found.split('#', 1)[0]}#${hub}`
  }

  function soon(ms: number): void {
    if (signal.aborted) return
    const atMs = clock.monotonic() + ms
    if (timer !== null && timer.atMs <= atMs) return
    timer?.set[Symbol.dispose]()
    const set = clock.after(ms, () => {
      timer = null
      for (const hub of hubs.values()) void tell(hub)
      dialOwn()
    })
    timer = { atMs, set }
  }

  /** What is chosen now, as that hub should know it. */
  function wish({ isRoom }: Hub): { readonly visibility: Visibility; readonly text: string } {
    const chosen = deps.visibility()
    const visibility: Visibility = { ...chosen, room: chosen.room && isRoom, open: isOpen }
    const { show, hear, room, open } = visibility
    return { visibility, text: JSON.stringify([open, room, show, hear]) }
  }

  async function tell(hub: Hub): Promise<void> {
    if (!hub.doesSignal || !hub.session.isChosen) return
    const { visibility, text } = wish(hub)
    if (hub.told === text) return
    const { show, hear, room, open } = visibility
    // Nobody to be shown to, and nothing said before: a reconnect with nothing new says nothing of it.
    if (hub.told === null && show.length + hear.length === 0 && !open && !room) {
      took(hub, text)
      return
    }
    hub.told = text
    const isNewest = (): boolean => hub.told === text && hubs.get(hub.session.remote) === hub
    const answer = await signalsOf(hub).choose(visibility)
    if (!isNewest()) return
    if (answer.ok) {
      took(hub, text)
      return
    }
    const isLessTold = answer.error.code === 'too-many' && (await tellLess(hub, visibility))
    if (!isNewest()) return
    if (isLessTold) took(hub, text)
    hub.told = null
    soon(Math.min(againMs, Math.max(againAtLeastMs, answer.error.retryMs ?? againMs)))
  }

  /** The room is full, or the hub: rather seen by nobody than by those from whom a person hides now. */
  async function tellLess(hub: Hub, visibility: Visibility): Promise<boolean> {
    const signals = signalsOf(hub)
    if (visibility.room && (await signals.choose({ ...visibility, room: false })).ok) return true
    return (await signals.choose({ show: [], hear: [], room: false, open: visibility.open })).ok
  }

  function took(hub: Hub, text: string): void {
    if (hub.took === text) return
    hub.took = text
    deps.onPresence()
  }

  /**
   * Own devices that are there and not connected: what is asked of them needs a session. One of two dials; who asks for
   * somebody dials by itself.
   */
  function dialOwn(): void {
    for (const [identity, connection] of dialled) {
      if ((deps.isOwn(identity) || deps.isAsked(identity)) && isPresent(identity)) continue
      dialled.delete(identity)
      void connection[Symbol.asyncDispose]()
    }
    for (const { session, signals, doesRelay } of hubs.values()) {
      const address = doesRelay ? addressOf(session.remote) : null
      if (address === null) continue
      for (const other of signals?.present ?? []) {
        const isOurs = deps.isAsked(other) || (other > self && deps.isOwn(other))
        if (!isOurs || dialled.has(other) || deps.hasSession(other)) continue
        dialled.set(other, deps.connect(relayAddress(address, other), other))
      }
    }
  }

  const isPresent = (identity: Identity): boolean =>
    [...hubs.values()].some(({ signals }) => signals?.present.has(identity) === true)

  function signalsOf(hub: Hub): Signals {
    const { session } = hub
    hub.signals ??= createSignals({
      send: (message, bytes) => session.send(message, bytes),
      token: () => session.token('signalling'),
      onPresence() {
        soon(0)
        deps.onPresence()
      },
      onMessage(from, payload) {
        if (session.isChosen) deps.onMessage(signaller(hub), from, payload)
      },
      onAttempts(attempted) {
        if (session.isChosen) deps.onAttempts(session.remote, attempted)
      },
    })
    return hub.signals
  }

  function circuitsOf(hub: Hub): Circuits {
    const { session } = hub
    hub.circuits ??= createCircuits({
      role: session.hubRole,
      clock,
      send: (message, bytes) => session.send(message, bytes),
      token: () => session.token('relaying'),
      onCircuit: session.isChosen ? (circuit) => deps.accept(relayLink(circuit, session.remote)) : null,
    })
    return hub.circuits
  }

  function provided(hub: Hub, services: readonly string[]): void {
    hub.doesSignal = services.includes('signalling')
    hub.doesRelay = services.includes('relaying')
    hub.isRoom = services.includes(roomName)
    hub.privacy = privacyNames.find((name) => services.includes(name)) ?? 'open'
    pulse.fire()
    deps.onPresence()
    if (hub.doesSignal) soon(0)
  }

  function take(hub: Hub, message: Message, bytes: Uint8Array): boolean {
    if (isSignal(message)) return signalsOf(hub).take(message, bytes)
    return isRelaying(message) && circuitsOf(hub).take(message, bytes)
  }

  function leave(hub: Hub): void {
    const { remote } = hub.session
    if (hubs.get(remote) === hub) hubs.delete(remote)
    hub.signals?.[Symbol.dispose]()
    hub.circuits?.[Symbol.dispose]()
    pulse.fire()
    soon(0)
    deps.onPresence()
  }

  const ways: Ways = { provided, take, leave }

  function open(session: ReachSession): ReachPort {
    const hub = new Hub(session)
    hubs.set(session.remote, hub)
    return new SessionReach(hub, ways)
  }

  async function relayingHub(identity: Identity, until: AbortSignal): Promise<Hub> {
    for (;;) {
      const seen = pulse.count
      const hub = hubs.get(identity)
      if (hub?.doesRelay === true) return hub
      await pulse.after(seen, until)
      until.throwIfAborted()
    }
  }

  async function dial(address: string, to: Identity, until: AbortSignal): Promise<Link> {
    // Kept for as long as the link: who is connected there already is not dialled twice.
    const way = deps.connect(address, null)
    try {
      const identity = await way.ready(until)
      const hub = await relayingHub(identity, until)
      const opened = await circuitsOf(hub).open(to, until)
      if (!opened.ok) throw unreachable(opened.error)
      const link = relayLink(opened.value, identity)
      void link.closed.then(() => way[Symbol.asyncDispose]())
      return link
    } catch (cause) {
      await way[Symbol.asyncDispose]()
      throw cause
    }
  }

  return {
    open,
    dial,
    changed() {
      const nowMs = clock.monotonic()
      // One that comes soon sees this change too.
      if (timer === null || timer.atMs > nowMs + settleMs + 1_000 / looksPerSecond)
        soon(settleMs + looks.take(nowMs, 1))
    },
    chose: () => soon(0),
    setOpen(open) {
      isOpen = open
      soon(0)
    },
    get hubs() {
      return [...hubs.values()].flatMap(({ session, doesRelay, doesSignal }) => {
        const address = doesRelay && doesSignal && session.isChosen ? addressOf(session.remote) : null
        return address === null ? [] : [[session.remote, address.split('#', 1)[0] ?? ''] as const]
      })
    },
    get signallers() {
      return [...hubs.values()]
        .filter(({ session, doesSignal }) => doesSignal && session.isChosen)
        .map(signaller)
    },
    [Symbol.dispose]: () => timer?.set[Symbol.dispose](),
  }
}

/** What a session asks of all of them. */
interface Ways {
  provided(hub: Hub, services: readonly string[]): void
  take(hub: Hub, message: Message, bytes: Uint8Array): boolean
  leave(hub: Hub): void
}

/** A class, because each session has one. */
class SessionReach implements ReachPort {
  readonly #hub: Hub
  readonly #ways: Ways

  constructor(hub: Hub, ways: Ways) {
    this.#hub = hub
    this.#ways = ways
  }

  provided(services: readonly string[]): void {
    this.#ways.provided(this.#hub, services)
  }

  take(message: Message, bytes: Uint8Array): boolean {
    return this.#ways.take(this.#hub, message, bytes)
  }

  [Symbol.dispose](): void {
    this.#ways.leave(this.#hub)
  }
}

function unreachable({ code }: ServiceRefusal): EffigyError {
  return new EffigyError('unreachable', `The hub does not reach them (${code}).`)
}
