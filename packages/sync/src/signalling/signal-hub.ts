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
import { Lazy } from '../lazy.ts'
import { maxListedIds, type RelayLimits, type SignalLimits } from '../limits.ts'
import type { Message, MessageTo, Online, OpenRelay } from '../messages.ts'
import { readIdentities, writeIdentities } from '../messages-bytes.ts'
import { createRelayHub, isOfCircuit, type RelayEndpoint } from '../relaying/relay-hub.ts'
import type { ServiceRefusal } from '../services/service.ts'
import { createPace } from '../session/pace.ts'
import type { Role } from '../session/transcript.ts'
import { createRefusedAttempts, type RefusedAttempts } from './attempts.ts'
import { createDirectory } from './directory.ts'
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

interface Place extends RelayEndpoint {
  readonly session: SignalSession
  readonly refused: Lazy<RefusedAttempts>
}

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
    if (place === null && from !== to) directory.whereabouts(to)?.refused.get().note(kind, from)
    return place
  }

  const relaying = createRelayHub<Place>({
    clock,
    limits: relays,
    carries,
    reach: (from, to) => reach(from, to, 'tunnels'),
  })

  function open(session: SignalSession): SignalPort {
    const { remote } = session
    const paces = {
      online: createPace(signals.choicesPerSecond, signals.choiceBurst),
      messageto: createPace(signals.messagesPerSecond, signals.messageBurst),
      openrelay: createPace(signals.messagesPerSecond, signals.messageBurst),
    }
    const circuits = new Lazy(() => relaying.open(session))
    const refused = new Lazy(() =>
      createRefusedAttempts({
        clock,
        everyMs: signals.attemptsEveryMs,
        names: signals.attemptNames,
        tell: (message, from) => session.send(message, writeIdentities(from)),
      }),
    )
    const place: Place = { session, refused, take: () => circuits.get().endpoint.take() }
    const entered = directory.enter(remote, place)

    function refuse(re: number, { code, retryMs }: ServiceRefusal): void {
      session.send({ type: 'error', re, code, retry: retryMs })
    }

    function choose({ id, replace, open: isOpen, room: inRoom, show }: Online, bytes: Uint8Array): void {
      if (inRoom && !hasRoom(remote)) {
        refuse(id, { code: 'no-room', retryMs: null })
        return
      }
      const identities = readIdentities(bytes) ?? []
      const chosen = entered.choose({
        replace,
        open: isOpen,
        room: inRoom,
        show: identities.slice(0, show),
        hear: identities.slice(show),
      })
      if (chosen === null) refuse(id, { code: 'too-many', retryMs: null })
      else session.send({ type: 'onlineas', re: id, end: true })
    }

    function handOn({ id }: MessageTo, bytes: Uint8Array): void {
      const to = identityOfKey(bytes.subarray(0, 32))
      const receiver = reach(remote, to, 'messages')?.session
      const isShown = directory.isShown(remote, to)
      const isBusy = receiver !== undefined && receiver.bufferedBytes() > receiver.highWaterBytes()
      if (receiver !== undefined && !isBusy) {
        receiver.send({ type: 'messagefrom' }, [writeIdentities([remote]), bytes.subarray(32)])
      }
      const outcome = receiver === undefined ? 'absent' : isBusy ? 'busy' : 'delivered'
      // V62: who is not shown the receiver learns nothing of it.
      session.send({ type: 'sent', re: id, end: true, outcome: isShown ? outcome : 'accepted' })
    }

    function isAdmitted(service: string, { type, id, token }: Online | MessageTo | OpenRelay): boolean {
      const refusal = session.refusal(service, token)
      const waitMs = refusal === null ? paces[type].take(clock.monotonic(), 1) : 0
      if (refusal !== null) refuse(id, refusal)
      else if (waitMs > 0) refuse(id, { code: 'too-fast', retryMs: waitMs })
      return refusal === null && waitMs === 0
    }

    return {
      take(message, bytes) {
        switch (message.type) {
          case 'online':
            if (isAdmitted('signalling', message)) choose(message, bytes)
            return true
          case 'messageto':
            if (isAdmitted('signalling', message)) handOn(message, bytes)
            return true
          case 'openrelay':
            if (isAdmitted('relaying', message))
              circuits.get().ask(message.id, identityOfKey(new Uint8Array(bytes)))
            return true
          default:
            return isOfCircuit(message) && circuits.get().take(message, bytes)
        }
      },
      [Symbol.dispose]() {
        entered[Symbol.dispose]()
        refused.made?.[Symbol.dispose]()
        circuits.made?.[Symbol.dispose]()
      },
    }
  }

  return {
    open,
    get circuits() {
      return relaying.count
    },
    [Symbol.dispose]: () => room[Symbol.dispose](),
  }
}
