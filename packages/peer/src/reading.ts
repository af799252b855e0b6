/**
 * How far the timeline was read: one marker for all own devices (spec S46).
 *
 *     markRead(sort) ─at once▶ marker here ─5 s▶ setting of this device ─60 s▶ device_state read/home ─▶ own devices
 *
 * A feed is no place for each turn of a wheel, and what was read a moment ago must not be news again when the page is gone.
 *
 * @module
 */
import type { QueryStore, Store, TimelineFilter } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'
import type { OwnState } from './own/state.ts'

export interface PeerReading {
  /** `Item.sort` of the newest entry that was read on any own device, ms; null: nothing was. */
  marker(): number | null
  /** How many of a timeline stand above the marker and are others'; more than 1,000 are not counted. */
  unread(filter?: TimelineFilter): number
  /**
   * All up to that `Item.sort` was read: at once here, on other devices within a minute or so. What was read stays read. May be called with
   * each scroll.
   */
  markRead(sort: number): void
}

export interface ReadingPorts {
  readonly store: Pick<Store, 'setting' | 'saveSetting'> & Pick<QueryStore, 'deviceSaid' | 'countAbove'>
  readonly state: Pick<OwnState, 'set'>
  readonly clock: Clock
  readonly log: Log
  /** The marker moved here. */
  readonly changed: () => void
}

const key = 'read/home'

const saveMs = 5_000
const shareMs = 60_000

/** ms that a marker may be ahead of the clock: entries may be as much (S20). One beyond it was set under a wrong clock. */
const aheadMs = 60_000

export function createReading(ports: ReadingPorts): Disposable & { readonly api: PeerReading } {
  const { store, state, clock, log, changed } = ports
  let here = parseMark(store.setting(key))
  let saved = here
  let sharedAt = Number.NEGATIVE_INFINITY
  let timer: Disposable | null = null

  const isPossible = (mark: unknown): mark is number =>
    typeof mark === 'number' && Number.isSafeInteger(mark) && mark >= 0 && mark <= clock.now() + aheadMs

  const furthest = (marks: readonly unknown[]): number | null => {
    const possible = marks.filter(isPossible)
    return possible.length === 0 ? null : Math.max(...possible)
  }

  const shared = (): number | null => furthest(store.deviceSaid(key).map(({ value }) => value))
  const marker = (): number | null => furthest([shared(), here])

  function save(): void {
    if (here === saved) return
    saved = here
    store.saveSetting(key, here === null ? null : String(here))
  }

  function share(): void {
    if (!isPossible(here) || here <= (shared() ?? -1)) return
    sharedAt = clock.monotonic()
    // Not allowed to write, or no room: the setting has it, and the next reading tries again.
    state.set([[key, here]]).catch((error: unknown) => log.warn('reading.unshared', { error: String(error) }))
  }

  function tick(): void {
    timer = null
    save()
    const waitMs = sharedAt + shareMs - clock.monotonic()
    if (waitMs <= 0) share()
    else timer = clock.after(waitMs, tick)
  }

  // What an earlier run had no time to say.
  if ((here ?? -1) > (shared() ?? -1)) timer = clock.after(saveMs, tick)
  return {
    api: {
      marker,
      unread: (filter) => store.countAbove(marker() ?? -1, filter),
      markRead(sort) {
        if (!isPossible(sort) || sort <= (marker() ?? -1)) return
        here = sort
        changed()
        timer ??= clock.after(saveMs, tick)
      },
    },
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
      save()
    },
  }
}

function parseMark(text: string | null): number | null {
  return text !== null && /^\d{1,16}$/.test(text) ? Number(text) : null
}
