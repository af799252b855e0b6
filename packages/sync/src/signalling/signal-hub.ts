/**
 * The hub's half of signalling and relaying: one for all sessions, a port for each (spec V60-V76).
 *
 *     session ─take▶ port ─ online ▶ directory, room ─▶ presence
 *                          messageto ▶ messagefrom, or attempts of those who are refused
 *                          openrelay, relay … ▶ circuits (relaying/relay-hub.ts)
 *
 * What does not fit is answered with a code; nothing is kept of what was handed on.
 *
 * @module
 */
import { type Identity, identityOfKey } from '@effigy/core'
import type { Clock } from '../clock.ts'
import type { FrameBytes } from '../frame.ts'
import { maxListedIds, type RelayLimits, type SignalLimits } from '../limits.ts'
import type { Message, MessageTo, Online, OpenRelay } from '../messages.ts'
import { readIdentities, writeIdentities } from '../messages-bytes.ts'
import {
  createRelayHub,
  isOfCircuit,
  type RelayEnd,
  type RelayEndpoint,
  type RelayHub,
  type RelayPort,
} from '../relaying/relay-hub.ts'
import type { ServiceRefusal } from '../services/service.ts'
import { createPace, type Pace } from '../session/pace.ts'
import type { Role } from '../session/transcript.ts'
import { createRefusedAttempts, type RefusedAttempts } from './attempts.ts'
import { createDirectory, type Directory, type Entered } from './directory.ts'
import { createRoom } from './room.ts'

export interface SignalHubPorts {
  readonly clock: Pick<Clock, 'monotonic' | 'after'>
  readonly signals: SignalLimits
  readonly relays: RelayLimits
  /** Bytes that somebody's circuits carry, counted to who opened them; false when there may be no more. */
  readonly carries: (opener: Identity, bytes: number) => boolean
  /** Who signals here at all, and may be reached; everybody when omitted. Whose session has no token is refused anyway. */
  readonly isFor?: (identity: Identity) => boolean
  /** For whom there is a room; for nobody when omitted. */
  readonly hasRoom?: (identity: Identity) => boolean
}

/** One session at the hub. */
export interface SignalSession {
  readonly remote: Identity
  /** Of this hub in it. */
  readonly role: Role
  /** Never throws: a session that is over takes nothing. */
  send(message: Message, bytes?: FrameBytes): void
  bufferedBytes(): number
  highWaterBytes(): number
  drained(signal: AbortSignal): Promise<void>
  /** Why that token does not do for that service; null where it does. */
  refusal(service: string, token: string): ServiceRefusal | null
}

export interface SignalPort extends Disposable {
  /** True when it was a message of signalling or relaying. */
  take(message: Message, bytes: Uint8Array): boolean
}

export interface SignalHub extends Disposable {
  open(session: SignalSession): SignalPort
  /** Circuits that stand. */
  readonly circuits: number
}

/**
 * One for all sessions of a hub. A session that ends disposes its port, with its circuits, and is shown to nobody any more; disposing
 * the hub stops its timer.
 */
export function createSignalHub(ports: SignalHubPorts): SignalHub {
  const { clock, signals, relays, carries, isFor = () => true, hasRoom = () => false } = ports

  function tell({ session }: Place, room: boolean, on: boolean, identities: readonly Identity[]): void {
    if (!isFor(session.remote) || (room && !hasRoom(session.remote))) return
    for (let at = 0; at < identities.length; at += maxListedIds) {
      const some = identities.slice(at, at + maxListedIds)
      session.send({ type: 'presence', on, room, count: some.length }, writeIdentities(some))
    }
  }

  const room = createRoom<Place>({
    clock,
    places: signals.inRoom,
    everyMs: signals.roomEveryMs,
    tell: (place, on, identities) => tell(place, true, on, identities),
  })
  const directory = createDirectory<Place>({
    listed: signals.listed,
    listedInAll: signals.listedInAll,
    remembered: signals.remembered,
    room,
    tell: (place, on, identities) => tell(place, false, on, identities),
  })

  /** V66: who wants to be reached by nobody, or not by them, learns of it, and they do not. */
  function reach(from: Identity, to: Identity, kind: 'messages' | 'tunnels'): Place | null {
    const place = isFor(from) && isFor(to) ? directory.reach(from, to) : null
    if (place === null && from !== to) directory.whereabouts(to)?.refused().note(kind, from)
    return place
  }

  const relaying = createRelayHub<Place>({
    clock,
    limits: relays,
    carries,
    reach: (from, to) => reach(from, to, 'tunnels'),
  })

  const places: Places = { ports, directory, relaying, reach, hasRoom }

  function open(session: SignalSession): SignalPort {
    return new Place(session, places)
  }

  return {
    open,
    get circuits() {
      return relaying.count
    },
    [Symbol.dispose]: () => room[Symbol.dispose](),
  }
}

/** What a session asks of all of them. */
interface Places {
  readonly ports: SignalHubPorts
  readonly directory: Directory<Place>
  readonly relaying: RelayHub
  reach(from: Identity, to: Identity, kind: 'messages' | 'tunnels'): Place | null
  hasRoom(identity: Identity): boolean
}

type Paced = Online | MessageTo | OpenRelay

/** A class, because each session has one, and most of them say nothing for hours: what they need is made when they do. */
class Place implements SignalPort, RelayEndpoint {
  readonly session: SignalSession
  readonly #places: Places
  readonly #entered: Entered<Place>
  #paces: Readonly<Record<Paced['type'], Pace>> | null = null
  #refused: RefusedAttempts | null = null
  #circuits: RelayPort | null = null

  constructor(session: SignalSession, places: Places) {
    this.session = session
    this.#places = places
    this.#entered = places.directory.enter(session.remote, this)
  }

  /** Who was refused to reach this side. */
  refused(): RefusedAttempts {
    const { clock, signals } = this.#places.ports
    this.#refused ??= createRefusedAttempts({
      clock,
      everyMs: signals.attemptsEveryMs,
      names: signals.attemptNames,
      tell: (message, from) => this.session.send(message, writeIdentities(from)),
    })
    return this.#refused
  }

  takeEnd(): RelayEnd | null {
    return this.#relayed().endpoint.takeEnd()
  }

  take(message: Message, bytes: Uint8Array): boolean {
    switch (message.type) {
      case 'online':
        if (this.#isAdmitted('signalling', message)) this.#choose(message, bytes)
        return true
      case 'messageto':
        if (this.#isAdmitted('signalling', message)) this.#handOn(message, bytes)
        return true
      case 'openrelay':
        if (this.#isAdmitted('relaying', message))
          this.#relayed().ask(message.id, identityOfKey(new Uint8Array(bytes)))
        return true
      default:
        return isOfCircuit(message) && this.#relayed().take(message, bytes)
    }
  }

  [Symbol.dispose](): void {
    this.#entered[Symbol.dispose]()
    this.#refused?.[Symbol.dispose]()
    this.#circuits?.[Symbol.dispose]()
  }

  #relayed(): RelayPort {
    this.#circuits ??= this.#places.relaying.open(this.session)
    return this.#circuits
  }

  #pace(type: Paced['type']): Pace {
    const { choicesPerSecond, choiceBurst, messagesPerSecond, messageBurst } = this.#places.ports.signals
    this.#paces ??= {
      online: createPace(choicesPerSecond, choiceBurst),
      messageto: createPace(messagesPerSecond, messageBurst),
      openrelay: createPace(messagesPerSecond, messageBurst),
    }
    return this.#paces[type]
  }

  #refuse(re: number, { code, retryMs }: ServiceRefusal): void {
    this.session.send({ type: 'error', re, code, retry: retryMs })
  }

  #isAdmitted(service: string, { type, id, token }: Paced): boolean {
    const refusal = this.session.refusal(service, token)
    const waitMs = refusal === null ? this.#pace(type).take(this.#places.ports.clock.monotonic(), 1) : 0
    if (refusal !== null) this.#refuse(id, refusal)
    else if (waitMs > 0) this.#refuse(id, { code: 'too-fast', retryMs: waitMs })
    return refusal === null && waitMs === 0
  }

  #choose({ id, replace, open: isOpen, room: inRoom, show }: Online, bytes: Uint8Array): void {
    if (inRoom && !this.#places.hasRoom(this.session.remote)) {
      this.#refuse(id, { code: 'no-room', retryMs: null })
      return
    }
    const identities = readIdentities(bytes) ?? []
    const chosen = this.#entered.choose({
      replace,
      open: isOpen,
      room: inRoom,
      show: identities.slice(0, show),
      hear: identities.slice(show),
    })
    if (chosen === null) this.#refuse(id, { code: 'too-many', retryMs: null })
    else this.session.send({ type: 'onlineas', re: id, end: true })
  }

  #handOn({ id }: MessageTo, bytes: Uint8Array): void {
    const { remote } = this.session
    const to = identityOfKey(bytes.subarray(0, 32))
    const receiver = this.#places.reach(remote, to, 'messages')?.session
    const isShown = this.#places.directory.isShown(remote, to)
    const isBusy = receiver !== undefined && receiver.bufferedBytes() > receiver.highWaterBytes()
    if (receiver !== undefined && !isBusy) {
      receiver.send({ type: 'messagefrom' }, [writeIdentities([remote]), bytes.subarray(32)])
    }
    const outcome = receiver === undefined ? 'absent' : isBusy ? 'busy' : 'delivered'
    // V62: who is not shown the receiver learns nothing of it.
    this.session.send({ type: 'sent', re: id, end: true, outcome: isShown ? outcome : 'accepted' })
  }
}
