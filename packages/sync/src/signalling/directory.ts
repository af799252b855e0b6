/**
 * Who is at this hub, and who lets whom know and reach them (spec V60-V62, V64).
 *
 *     online {show, hear, room} ─▶ directory ─▶ presence to those who are shown it and want to hear
 *
 * Presence is mutual: one side shows itself, the other wants to hear. Who said nothing is invisible and reached by nobody.
 * Who hides from somebody looks to them as if they had left, and coming back unseen changes nothing of that (T20, T30).
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { SparseSet } from '../sparse.ts'
import type { Room } from './room.ts'

export interface Choice {
  readonly replace: boolean
  readonly open: boolean
  readonly room: boolean
  readonly show: readonly Identity[]
  readonly hear: readonly Identity[]
}

export interface Entered<Place> extends Disposable {
  /** Null when a list would be too long; then nothing changed. */
  choose(choice: Choice): 'chosen' | null
  readonly place: Place
}

export interface Directory<Place> {
  /** Until disposed; a later one of the same identity takes its place. */
  enter(identity: Identity, place: Place): Entered<Place>
  /** Where `to` is, if `from` may reach it. */
  reach(from: Identity, to: Identity): Place | null
  /** Whether `to` shows itself to `from`, or once did: then it is told that nobody is there. */
  isShown(from: Identity, to: Identity): boolean
  /** Where `to` is, if it uses signalling: nobody but itself may learn of it. */
  whereabouts(to: Identity): Place | null
}

export interface DirectoryPorts<Place> {
  /** Identities in one list. */
  readonly listed: number
  /** Identities in all lists of those who are here. */
  readonly listedInAll: number
  /** Pairs of who had shown itself to whom before it hid or left: the newest so many are remembered. */
  readonly remembered: number
  readonly room: Room<Place>
  /** Somebody came, or went, as far as `place` may know. */
  readonly tell: (place: Place, on: boolean, identities: readonly Identity[]) => void
}

/** What a resident asks of all of them. */
interface Residents<Place> {
  choose(resident: Resident<Place>, choice: Choice): 'chosen' | null
  leave(resident: Resident<Place>): void
}

/** Somebody who is here, and what they chose. A class, because each session has one. */
class Resident<Place> implements Entered<Place> {
  readonly identity: Identity
  readonly place: Place
  readonly show = new SparseSet<Identity>()
  readonly hear = new SparseSet<Identity>()
  isOpen = false
  /** Something was chosen in this session: it knows what signalling is. */
  hasChosen = false
  readonly #all: Residents<Place>

  constructor(identity: Identity, place: Place, all: Residents<Place>) {
    this.identity = identity
    this.place = place
    this.#all = all
  }

  choose(choice: Choice): 'chosen' | null {
    return this.#all.choose(this, choice)
  }

  [Symbol.dispose](): void {
    this.#all.leave(this)
  }
}

const pairOf = (shown: Identity, to: Identity): string => `${shown} ${to}`

export function createDirectory<Place>(ports: DirectoryPorts<Place>): Directory<Place> {
  const here = new Map<Identity, Resident<Place>>()
  /**
   * Pairs of who had shown itself to whom, the newest last. Each pair ages by itself: what somebody does unseen by the
   * other leaves it where it is, and who presses old pairs out learns nothing of that.
   */
  const before = new Set<string>()
  /** Who is here and wants to hear of somebody. */
  const listeners = new Map<Identity, Set<Identity>>()
  const { room } = ports
  let listed = 0

  const sees = (listener: Identity, other: Identity): boolean =>
    here.get(listener)?.hear.has(other) === true && here.get(other)?.show.has(listener) === true

  function leave(resident: Resident<Place>): void {
    const { identity } = resident
    if (here.get(identity) !== resident) return
    const told = [...(listeners.get(identity) ?? [])].filter((listener) => sees(listener, identity))
    here.delete(identity)
    for (const other of resident.hear) unlisten(identity, other)
    listed -= resident.show.size + resident.hear.size
    remember(identity, resident.show)
    room.leave(identity)
    for (const listener of told) tell(listener, false, [identity])
  }

  function remember(identity: Identity, others: Iterable<Identity>): void {
    for (const other of others) {
      const pair = pairOf(identity, other)
      before.delete(pair)
      before.add(pair)
    }
    for (const oldest of before) {
      if (before.size <= ports.remembered) break
      before.delete(oldest)
    }
  }

  function unlisten(listener: Identity, other: Identity): void {
    const set = listeners.get(other)
    if (set?.delete(listener) === true && set.size === 0) listeners.delete(other)
  }

  function tell(listener: Identity, on: boolean, identities: readonly Identity[]): void {
    const place = here.get(listener)?.place
    if (place !== undefined && identities.length > 0) ports.tell(place, on, identities)
  }

  function showTo({ identity, show }: Resident<Place>, other: Identity): void {
    if (show.has(other)) return
    show.add(other)
    listed++
    if (sees(other, identity)) tell(other, true, [identity])
  }

  function hideFrom({ identity, show }: Resident<Place>, other: Identity): void {
    const isSeen = sees(other, identity)
    if (show.delete(other)) listed--
    if (isSeen) tell(other, false, [identity])
  }

  /** Whether it is there. */
  function hearOf({ identity, hear }: Resident<Place>, other: Identity): boolean {
    if (hear.has(other)) return false
    hear.add(other)
    listed++
    const set = listeners.get(other) ?? new Set()
    listeners.set(other, set.add(identity))
    return sees(identity, other)
  }

  function hearNoMoreOf({ identity, hear }: Resident<Place>, other: Identity): void {
    if (hear.delete(other)) listed--
    unlisten(identity, other)
  }

  function choose(resident: Resident<Place>, choice: Choice): 'chosen' | null {
    const { identity, place } = resident
    const { replace, open, show, hear } = choice
    if (here.get(identity) !== resident) return 'chosen'
    const kept = replace ? 0 : 1
    // What is given back counts: who hides is never refused for want of room.
    const given = replace ? resident.show.size + resident.hear.size : 0
    const isRoom =
      kept * resident.show.size + show.length <= ports.listed &&
      kept * resident.hear.size + hear.length <= ports.listed &&
      listed - given + show.length + hear.length <= ports.listedInAll &&
      (!choice.room || room.has(identity) || !room.isFull)
    if (!isRoom) return null
    resident.isOpen = open
    resident.hasChosen = true
    if (choice.room) room.enter(identity, place)
    else room.leave(identity)
    if (replace) {
      const [shown, heard] = [new Set(show), new Set(hear)]
      const hidden = [...resident.show].filter((other) => !shown.has(other))
      for (const other of hidden) hideFrom(resident, other)
      remember(identity, hidden)
      for (const other of [...resident.hear]) if (!heard.has(other)) hearNoMoreOf(resident, other)
    }
    for (const other of show) showTo(resident, other)
    const there = hear.filter((other) => hearOf(resident, other))
    tell(identity, true, there)
    return 'chosen'
  }

  const residents: Residents<Place> = { choose, leave }

  function enter(identity: Identity, place: Place): Entered<Place> {
    const earlier = here.get(identity)
    if (earlier !== undefined) leave(earlier)
    const resident = new Resident(identity, place, residents)
    here.set(identity, resident)
    return resident
  }

  const areInRoom = (one: Identity, other: Identity): boolean => room.has(one) && room.has(other)

  return {
    enter,
    reach(from, to) {
      const resident = here.get(to)
      if (resident === undefined || from === to) return null
      const mayReach = resident.isOpen || resident.show.has(from) || areInRoom(from, to)
      return mayReach ? resident.place : null
    },
    isShown: (from, to) =>
      here.get(to)?.show.has(from) === true ||
      before.has(pairOf(to, from)) ||
      (from !== to && areInRoom(from, to)),
    whereabouts(to) {
      const resident = here.get(to)
      return resident?.hasChosen === true ? resident.place : null
    },
  }
}
