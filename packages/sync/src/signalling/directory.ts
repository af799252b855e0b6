/**
 * Who is at this hub, and who lets whom know and reach them (spec V60, V61).
 *
 *     online {show, hear} ─▶ directory ─▶ presence to those who are shown it and want to hear
 *
 * Presence is mutual: one side shows itself, the other wants to hear. Who said nothing is invisible and reached by nobody.
 *
 * @module
 */
import type { Identity } from '@effigy/core'

/** What somebody chose. */
interface Choice {
  readonly show: Set<Identity>
  readonly hear: Set<Identity>
  isOpen: boolean
}

export interface Entered<Place> extends Disposable {
  /** Null when a list would be too long; then nothing changed. */
  choose(choice: {
    readonly replace: boolean
    readonly open: boolean
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
  /** Whether `to` showed itself to `from` when it was here last: then it is told that nobody is there. */
  isShown(from: Identity, to: Identity): boolean
}

export interface DirectoryPorts<Place> {
  /** Identities in one list. */
  readonly listed: number
  /** Identities in all lists of those who are here. */
  readonly listedInAll: number
  /** Identities to whom those who left had shown themselves: remembered of so many, the newest. */
  readonly remembered: number
  /** Somebody came, or went, as far as `place` may know. */
  readonly tell: (place: Place, on: boolean, identities: readonly Identity[]) => void
}

interface Resident<Place> extends Choice {
  readonly place: Place
}

export function createDirectory<Place>(ports: DirectoryPorts<Place>): Directory<Place> {
  const here = new Map<Identity, Resident<Place>>()
  const left = new Map<Identity, ReadonlySet<Identity>>()
  /** Who is here and wants to hear of somebody. */
  const listeners = new Map<Identity, Set<Identity>>()
  let listed = 0
  let remembered = 0

  const sees = (listener: Identity, other: Identity): boolean =>
    here.get(listener)?.hear.has(other) === true && here.get(other)?.show.has(listener) === true

  function leave(identity: Identity, resident: Resident<Place>): void {
    if (here.get(identity) !== resident) return
    const told = [...(listeners.get(identity) ?? [])].filter((listener) => sees(listener, identity))
    here.delete(identity)
    for (const other of resident.hear) unlisten(identity, other)
    listed -= resident.show.size + resident.hear.size
    remember(identity, resident.show)
    for (const listener of told) tell(listener, false, [identity])
  }

  function remember(identity: Identity, show: ReadonlySet<Identity>): void {
    remembered += show.size - (left.get(identity)?.size ?? 0)
    left.delete(identity)
    if (show.size > 0) left.set(identity, show)
    for (const [oldest, { size }] of left) {
      if (remembered <= ports.remembered) break
      left.delete(oldest)
      remembered -= size
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
    const before = here.get(identity)
    if (before !== undefined) leave(identity, before)
    const resident: Resident<Place> = { place, show: new Set(), hear: new Set(), isOpen: false }
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

    function choose({ replace, open, show, hear }: Parameters<Entered<Place>['choose']>[0]): 'chosen' | null {
      if (here.get(identity) !== resident) return 'chosen'
      const kept = replace ? 0 : 1
      const isRoom =
        kept * resident.show.size + show.length <= ports.listed &&
        kept * resident.hear.size + hear.length <= ports.listed &&
        listed + show.length + hear.length <= ports.listedInAll
      if (!isRoom) return null
      resident.isOpen = open
      if (replace) {
        const [shown, heard] = [new Set(show), new Set(hear)]
        for (const other of [...resident.show]) if (!shown.has(other)) hideFrom(other)
        for (const other of [...resident.hear]) if (!heard.has(other)) hearNoMoreOf(other)
      }
      for (const other of show) showTo(other)
      tell(identity, true, hear.filter(hearOf))
      return 'chosen'
    }

    return { place, choose, [Symbol.dispose]: () => leave(identity, resident) }
  }

  return {
    enter,
    reach(from, to) {
      const resident = here.get(to)
      if (resident === undefined || from === to) return null
      return resident.isOpen || resident.show.has(from) ? resident.place : null
    },
    isShown: (from, to) => (here.get(to)?.show ?? left.get(to))?.has(from) === true,
  }
}
