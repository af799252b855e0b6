/**
 * The room: who is in it is told of all others who are, and tells them of itself (spec V64). Nobody listens unseen.
 *
 *     enter, leave ─collected for a second▶ presence {room} to everybody in it
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Clock } from '../clock.ts'

export interface Room<Place> extends Disposable {
  has(identity: Identity): boolean
  readonly isFull: boolean
  /** Who is in it already stays so. */
  enter(identity: Identity, place: Place): void
  leave(identity: Identity): void
}

export interface RoomPorts<Place> {
  readonly clock: Pick<Clock, 'after'>
  readonly places: number
  readonly everyMs: number
  readonly tell: (place: Place, on: boolean, identities: readonly Identity[]) => void
}

export function createRoom<Place>({ clock, places, everyMs, tell }: RoomPorts<Place>): Room<Place> {
  const inside = new Map<Identity, { readonly place: Place; isNew: boolean }>()
  /** Of whom those inside were told. */
  const gone = new Set<Identity>()
  let timer: Disposable | null = null

  function soon(): void {
    timer ??= clock.after(everyMs, () => {
      timer = null
      tellAll()
    })
  }

  function tellAll(): void {
    const all = [...inside.keys()]
    const arrived = all.filter((identity) => inside.get(identity)?.isNew === true)
    // Who came back meanwhile was not away.
    const left = [...gone].filter((identity) => !inside.has(identity))
    gone.clear()
    for (const [identity, one] of inside) {
      const others = (one.isNew ? all : arrived).filter((other) => other !== identity)
      if (others.length > 0) tell(one.place, true, others)
      if (!one.isNew && left.length > 0) tell(one.place, false, left)
    }
    for (const one of inside.values()) one.isNew = false
  }

  return {
    has: (identity) => inside.has(identity),
    get isFull() {
      return inside.size >= places
    },
    enter(identity, place) {
      if (inside.has(identity)) return
      inside.set(identity, { place, isNew: true })
      soon()
    },
    leave(identity) {
      const one = inside.get(identity)
      if (one === undefined) return
      inside.delete(identity)
      if (!one.isNew) gone.add(identity)
      soon()
    },
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
    },
  }
}
