/**
 * Days that count before hidden bytes go (spec S12).
 *
 *     countDay ─a day since the last, by the clock?▶ count + 1        hide ─▶ stamp = count, and when within it
 *
 * A wrong clock may say anything: however far it jumps ahead, one day has counted, and none when it jumps back.
 *
 * @module
 */
import type { Sqlite } from '../sqlite.ts'

/** Ms. */
export const dayMs: number = 24 * 60 * 60 * 1000

export interface Days {
  /** Inside a transaction. Gives whether a day counted. */
  count(): boolean
  /** What `hidden_at` is for what is hidden now: counted days in ms, later ones greater. */
  stamp(): number
  /** Below it is what has been hidden for so many counted days. */
  stampBefore(days: number): number
  /** After a roll-back. */
  forget(): void
}

export function createDays(db: Sqlite, now: () => number): Days {
  let known: { readonly counted: number; readonly since: number } | null = null
  let last = 0

  const read = (key: string): number =>
    Number(db.first('select value from meta where key = ?', key)?.value ?? 0)

  function state(): { readonly counted: number; readonly since: number } {
    known ??= { counted: read('days.counted'), since: read('days.since') }
    return known
  }

  function save(counted: number, since: number): void {
    for (const [key, value] of [
      ['days.counted', counted],
      ['days.since', since],
    ] as const) {
      db.run('insert or replace into meta (key, value) values (?, ?)', key, value)
    }
    known = { counted, since }
  }

  return {
    count() {
      const { counted, since } = state()
      const elapsed = now() - since
      // Behind the last one: that day begins again.
      if (elapsed < 0) save(counted, now())
      if (elapsed < dayMs) return false
      save(counted + 1, now())
      return true
    },
    stamp() {
      const { counted, since } = state()
      const within = Math.min(Math.max(0, now() - since), dayMs - 1)
      last = Math.max(last, counted * dayMs + within)
      return last
    },
    stampBefore: (days) => (state().counted - days + 1) * dayMs,
    forget() {
      known = null
    },
  }
}
