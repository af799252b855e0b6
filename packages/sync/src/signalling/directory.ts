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
  /** Those who left, whose choice is remembered. */
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

  const sees = (listener: Identity, other: Identity): boolean =>
    here.get(listener)?.hear.has(other) === true && here.get(other)?.show.has(listener) === true

  function leave(identity: Identity, resident: Resident<Place>): void {
    if (here.get(identity) !== resident) return
    const told = [...(listeners.get(identity) ?? [])].filter((listener) => sees(listener, identity))
    here.delete(identity)
    for (const other of resident.hear) unlisten(identity, other)
    left.delete(identity)
    left.set(identity, resident.show)
    for (const [oldest] of left) {
      if (left.size <= ports.remembered) break
      left.delete(oldest)
    }
    for (const listener of told) tell(listener, false, [identity])
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

    function choose({ replace, open, show, hear }: Parameters<Entered<Place>['choose']>[0]): 'chosen' | null {
      const shown = new Set([...(replace ? [] : resident.show), ...show])
      const heard = new Set([...(replace ? [] : resident.hear), ...hear])
      if (shown.size > ports.listed || heard.size > ports.listed) return null
      const wasSeenBy = new Set([...resident.show].filter((listener) => sees(listener, identity)))
      const sawBefore = new Set([...resident.hear].filter((other) => sees(identity, other)))
      for (const other of resident.hear) if (!heard.has(other)) unlisten(identity, other)
      resident.show.clear()
      for (const other of shown) resident.show.add(other)
      resident.hear.clear()
      for (const other of heard) {
        resident.hear.add(other)
        const set = listeners.get(other) ?? new Set()
        listeners.set(other, set.add(identity))
      }
      resident.isOpen = open
      for (const listener of shown) {
        if (!wasSeenBy.has(listener) && sees(listener, identity)) tell(listener, true, [identity])
      }
      for (const listener of wasSeenBy) if (!shown.has(listener)) tell(listener, false, [identity])
      tell(
        identity,
        true,
        [...heard].filter((other) => !sawBefore.has(other) && sees(identity, other)),
      )
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
