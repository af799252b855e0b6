/**
 * The time of the village: stands where the story is, until it runs on with the machine's.
 *
 * @module
 */
import { type Clock, systemClock } from '@effigy/sync'

export interface VillageClock extends Clock {
  /** Wall clock, ms; null: the machine's own from now on. */
  set(now: number | null): void
}

export function createVillageClock(): VillageClock {
  let standing: number | null = null
  return {
    ...systemClock,
    now: () => standing ?? systemClock.now(),
    set(now) {
      standing = now
    },
  }
}
