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

/** What somebody chose. */
interface Choice {
  readonly show: SparseSet<Identity>
  readonly hear: SparseSet<Identity>
  isOpen: boolean
  /** Something was chosen in this session: it knows what signalling is. */
  hasChosen: boolean
}

export interface Entered<Place> extends Disposable {
  /** Null when a list would be too long; then nothing changed. */
  choose(choice: {
    readonly replace: boolean
    readonly open: boolean
    readonly room: boolean
    readonly show: readonly Identity[]
    readonly hear: readonly Identity[]
  }): 'chosen' | null
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

interface Resident<Place> extends Choice {
  readonly place: Place
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

  function leave(identity: Identity, resident: Resident<Place>): void {
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

  function enter(identity: Identity, place: Place): Entered<Place> {
    const earlier = here.get(identity)
    if (earlier !== undefined) leave(identity, earlier)
    const resident: Resident<Place> = {
      place,
      show: new SparseSet(),
      hear: new SparseSet(),
      isOpen: false,
      hasChosen: false,
    }
    here.set(identity, resident)

    const showTo = (other: Identity): void => {
      if (resident.show.has(other)) return
      resident.show.add(other)
      listed++
      if (sees(other, identity)) tell(other, true, [identity])
    }

    const hideFrom = (other: Identity): void => {
      const isSeen = sees(other, identity)
      if (resident.show.delete(other)) listed--
      if (isSeen) tell(other, false, [identity])
    }

    /** Whether it is there. */
    const hearOf = (other: Identity): boolean => {
      if (resident.hear.has(other)) return false
      resident.hear.add(other)
      listed++
      const set = listeners.get(other) ?? new Set()
      listeners.set(other, set.add(identity))
      return sees(identity, other)
    }

    const hearNoMoreOf = (other: Identity): void => {
      if (resident.hear.delete(other)) listed--
      unlisten(identity, other)
    }

    function choose(choice: Parameters<Entered<Place>['choose']>[0]): 'chosen' | null {
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
        for (const other of hidden) hideFrom(other)
        remember(identity, hidden)
        for (const other of [...resident.hear]) if (!heard.has(other)) hearNoMoreOf(other)
      }
      for (const other of show) showTo(other)
      tell(identity, true, hear.filter(hearOf))
      return 'chosen'
    }

    return { place, choose, [Symbol.dispose]: () => leave(identity, resident) }
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
