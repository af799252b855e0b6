/**
 * Presence of this device and of others, from what a person chose and what hubs tell (presence.ts).
 *
 *     choice, circle ─▶ visibility ─▶ reach      reach, sessions ─▶ view
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Attempted, Clock, Trust, Visibility } from '@effigy/sync'
import { liveAnswers, type Pulse } from '../live.ts'
import type { Signaller } from '../reach.ts'
import { rest } from '../rest.ts'
import { keepChoice, readChoice } from './choice.ts'
import { createNotices } from './notices.ts'
import type { PeerPresence, PresenceView, Present } from './presence.ts'

export interface PresencePorts {
  readonly store: Pick<Store, 'setting' | 'saveSetting' | 'synods'>
  readonly self: Identity
  readonly clock: Clock
  /** Devices of friends, and the other own ones. */
  readonly circle: () => readonly Identity[]
  readonly trust: (other: Identity) => Trust
  readonly isBlocked: (other: Identity) => boolean
  readonly connected: () => readonly Identity[]
  /** To whom a person seeks a way (R20): they are to answer. */
  readonly asked: () => readonly Identity[]
  readonly signallers: () => readonly Signaller[]
  /** Hubs are told. */
  readonly chose: () => void
  /** Somebody may have come or gone. */
  readonly pulse: Pulse
  /** The peer is closed. */
  readonly signal: AbortSignal
}

export interface OpenPresence {
  readonly api: PeerPresence
  readonly visibility: () => Omit<Visibility, 'open'>
  /** Whether they may know that this device is here, wherever they meet it. */
  shows(other: Identity): boolean
  /** Whether a message of theirs is for this device now. */
  welcomes(hub: Signaller, from: Identity): boolean
  attempted(hub: Identity, attempted: Attempted): void
  /** Friends, devices, blocks or whom a person seeks may be others. */
  changed(): void
  warn(hub: Identity, code: string): void
}

interface Circles {
  readonly show: ReadonlySet<Identity>
  readonly hear: readonly Identity[]
  /** Devices of those on the list. */
  readonly listed: ReadonlySet<Identity>
}

/** What a hub takes of one list (V61). */
const maxShown = 8_192

/** A live view is told at most so often, ms. */
const viewEveryMs = 100

export function openPresence(ports: PresencePorts): OpenPresence {
  const { store, self, clock, trust, isBlocked, pulse } = ports
  const attempts = createNotices<Identity>()
  const warnings = createNotices<string>()
  const counts = { messages: 0, tunnels: 0 }
  let choice = readChoice(store)
  let known: Circles | null = null

  function devicesOf(identity: Identity): readonly Identity[] {
    const root = store.synods?.accountOf(identity) ?? null
    const standings = root === null ? undefined : store.synods?.account(root)?.standings
    const devices = [...(standings ?? [])].flatMap(([device, { type }]) =>
      type === 'member' ? [device] : [],
    )
    return [identity, ...devices]
  }

  /** Asked for each message that comes, and only a choice or the views change it. */
  function circles(): Circles {
    known ??= readCircles()
    return known
  }

  function readCircles(): Circles {
    const circle = ports.circle()
    const own = circle.filter((one) => trust(one) === 'own')
    const isListed = (one: Identity): boolean => one !== self && !isBlocked(one) && trust(one) !== 'own'
    const listed = choice.list.flatMap(devicesOf).filter(isListed)
    // What a hub does not take is cut off at the end: own devices come first.
    const near = [...own, ...ports.asked().filter((one) => one !== self && !isBlocked(one))]
    const all = [...new Set([...near, ...circle, ...listed])].slice(0, maxShown)
    const shown = choice.invisible ? near : choice.friends ? all : [...near, ...listed]
    return { show: new Set(shown.slice(0, maxShown)), hear: all, listed: new Set(listed) }
  }

  const isInRoom = (): boolean => choice.room && !choice.invisible

  function circleOf(identity: Identity, room: ReadonlySet<Identity>): Present['circle'] | null {
    const stance = trust(identity)
    if (stance === 'own' || stance === 'friend') return stance
    if (circles().listed.has(identity)) return 'list'
    return room.has(identity) ? 'room' : null
  }

  function view(): PresenceView {
    const signallers = ports.signallers()
    const connected = new Set(ports.connected())
    const met = new Set(connected)
    const inRoom = new Set<Identity>()
    for (const hub of signallers) {
      for (const one of hub.inRoom) inRoom.add(one)
      for (const one of [...hub.present, ...hub.inRoom]) met.add(one)
    }
    const here = [...met].sort().flatMap((identity): readonly Present[] => {
      const circle = identity === self || isBlocked(identity) ? null : circleOf(identity, inRoom)
      if (circle === null) return []
      const at = signallers.filter(
        ({ present, inRoom: theirs }) => present.has(identity) || theirs.has(identity),
      )
      const isConnected = connected.has(identity)
      return [{ identity, circle, isConnected, hubs: at.map(({ hub }) => hub) }]
    })
    return {
      here,
      hubs: signallers.map(({ hub, privacy, isRoom }) => ({ hub, privacy, hasRoom: isRoom })),
      attempts: attempts.list().map(({ subject, ...rest }) => ({ identity: subject, ...rest })),
      attempted: { ...counts },
      warnings: warnings.list().map(({ subject, ...rest }) => ({ code: subject, ...rest })),
    }
  }

  return {
    visibility: () => ({ show: [...circles().show], hear: circles().hear, room: isInRoom() }),
    changed() {
      known = null
    },
    shows: (other) => circles().show.has(other),
    welcomes({ inRoom }, from) {
      if (from === self || isBlocked(from)) return false
      return circles().show.has(from) || (isInRoom() && inRoom.has(from))
    },
    attempted(hub, { messages, tunnels, from }) {
      counts.messages = Math.min(counts.messages + messages, Number.MAX_SAFE_INTEGER)
      counts.tunnels = Math.min(counts.tunnels + tunnels, Number.MAX_SAFE_INTEGER)
      for (const one of from) if (!isBlocked(one) && one !== self) attempts.note(hub, one, clock.now())
      pulse.fire()
    },
    warn(hub, code) {
      warnings.note(hub, code, clock.now())
      pulse.fire()
    },
    api: {
      get choice() {
        return choice
      },
      choose(changes) {
        choice = keepChoice(store, { ...choice, ...changes })
        known = null
        ports.chose()
        pulse.fire()
      },
      now: view,
      async settled(signal) {
        const until = AbortSignal.any([signal, ports.signal])
        // Friends may have changed just now.
        ports.chose()
        for (;;) {
          until.throwIfAborted()
          const asked = pulse.count
          if (ports.signallers().every(({ isTold }) => isTold)) return view()
          await pulse.after(asked, until)
        }
      },
      async *watch(signal) {
        const until = AbortSignal.any([signal, ports.signal])
        for await (const current of liveAnswers(view, pulse, until)) {
          yield current
          await rest(clock, viewEveryMs, until)
        }
      },
    },
  }
}
