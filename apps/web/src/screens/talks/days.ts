/**
 * Messages as they stand below each other: by days, and by who goes on speaking.
 *
 *     newest first ─▶ oldest first, each with: begins a day? is the first of several by one author?
 *
 * @module
 */
import type { Item } from '@effigy/store'

export interface Placed {
  readonly item: Item
  /** The first one of its day, by the clock of this device. */
  readonly isNewDay: boolean
  /** Somebody else spoke before, or it was a while ago. */
  readonly isFirst: boolean
}

/** ms: after it a name is said again. */
const pauseMs = 10 * 60_000

export function placeMessages(newestFirst: readonly Item[]): readonly Placed[] {
  const items = newestFirst.toReversed()
  return items.map((item, at) => {
    const before = items[at - 1]
    const isNewDay = before === undefined || !isSameDay(before.sort, item.sort)
    const isFirst = isNewDay || before.identity !== item.identity || item.sort - before.sort > pauseMs
    return { item, isNewDay, isFirst }
  })
}

/** Both in ms. */
export function isSameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString()
}
