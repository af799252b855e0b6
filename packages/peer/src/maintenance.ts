/**
 * What a store is told now and then (spec S12): that a day counted, and to let go what may go.
 *
 *     an own device or a hub is heard ─▶ countDay ─▶ maintain        every hour ─▶ what is due for others
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'

/** Hidden bytes and unheld blocks are looked at so often, ms. */
const everyMs: number = 60 * 60 * 1000

/** For the first time so soon, ms: a power cut may have left files in doubt. */
const firstMs: number = 60 * 1000

/** Between two parts of the room that is given back to the disk, ms. */
const sweepMs = 500

/** Between two parts of a feed that is being forgotten, ms: about as long as one takes. */
const forgetMs = 30

/** While a process runs no clock that jumps makes days shorter than that, ms on the monotonic one. */
const leastDayMs: number = 20 * 60 * 60 * 1000

export interface MaintenanceDeps {
  readonly store: Pick<Store, 'maintain' | 'sweepBlobs' | 'countDay' | 'isForgetting'>
  readonly clock: Clock
  readonly log: Log
  /** Whether an own device or a hub is connected: somebody who would tell us of a `final`. */
  readonly isHeard: () => boolean
  /** Writes down that this store is in use now (S13). */
  readonly seen: () => void
  /** Lets go of some of what is kept for others and is due (V24, V32). True: there is more. */
  readonly clear: () => boolean
}

export interface Maintenance extends Disposable {
  /** Somebody new is connected. */
  heard(): void
  /** Writes down that the store is in use; at the end, and by itself every hour. */
  seen(): void
  /** Much was let go: its room goes back to the disk now. */
  sweep(): void
  /** The store has changed: goes on with what is being forgotten. */
  changed(): void
}

export function startMaintenance(deps: MaintenanceDeps): Maintenance {
  const { store, clock, log, isHeard, seen } = deps
  let countedMs: number | null = null
  let timer = clock.after(firstMs, run)
  let sweeping: Disposable | null = null
  let isSweeping = false
  let clearing: Disposable | null = null

  function run(): void {
    timer = clock.after(everyMs, run)
    guarded(seen)
    guarded(() => {
      count()
      store.maintain()
      sweeping ??= clock.after(sweepMs, sweep)
    })
    clearing ??= clock.after(sweepMs, clear)
  }

  function clear(): void {
    clearing = null
    guarded(() => {
      if (!deps.clear()) return
      clearing = clock.after(sweepMs, clear)
      sweeping ??= clock.after(sweepMs, sweep)
    })
  }

  function sweep(): void {
    sweeping = null
    isSweeping = true
    guarded(() => {
      const isForgetting = store.isForgetting?.() ?? false
      if (store.sweepBlobs()) sweeping = clock.after(isForgetting ? forgetMs : sweepMs, sweep)
    })
    isSweeping = false
  }

  function count(): void {
    if (countedMs !== null && clock.monotonic() - countedMs < leastDayMs) return
    if (isHeard() && store.countDay()) countedMs = clock.monotonic()
  }

  function guarded(work: () => void): void {
    try {
      work()
    } catch (cause) {
      if (!(cause instanceof EffigyError)) throw cause
      log.warn('maintenance.failed', { code: cause.code })
    }
  }

  function changed(): void {
    // The store tells of each part while it is swept.
    if (isSweeping) return
    if (sweeping === null && store.isForgetting?.() === true) sweeping = clock.after(forgetMs, sweep)
  }

  // Of before a restart.
  guarded(changed)
  return {
    heard: () => guarded(count),
    seen: () => guarded(seen),
    sweep() {
      sweeping ??= clock.after(0, sweep)
    },
    changed: () => guarded(changed),
    [Symbol.dispose]() {
      timer[Symbol.dispose]()
      sweeping?.[Symbol.dispose]()
      clearing?.[Symbol.dispose]()
    },
  }
}
