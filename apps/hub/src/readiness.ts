/**
 * Whether the hub can do its work now: the store takes a write, and there is room for one more.
 *
 *     write a setting, count connections ─at most once in five seconds▶ Readiness ─▶ /readyz
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import type { Headroom } from './operating/headroom.ts'

export interface Readiness {
  readonly ready: boolean
  /** `ok`, `low` when the disk has little room left, or the code of what the store threw. */
  readonly storage: string
  /** `yes`, `full`, `memory` or `descriptors` when there is little of them left, `draining`, or `stopping`. */
  readonly accepting: string
}

export interface ReadinessSources {
  readonly store: Pick<Store, 'saveSetting'>
  readonly clock: Clock
  readonly isStopping: () => boolean
  readonly isDraining: () => boolean
  readonly headroom: Pick<Headroom, 'refusal' | 'isDiskLow'>
  readonly connections: () => number
  readonly maxConnections: number
}

/** Each probe is a write, and anybody may ask for one. */
const freshMs = 5_000

export function createReadinessProbe(sources: ReadinessSources): () => Readiness {
  const { store, clock, isStopping, isDraining, headroom, connections, maxConnections } = sources
  let last: { readonly storage: string; readonly atMs: number } | null = null

  function storage(): string {
    const nowMs = clock.monotonic()
    if (last === null || nowMs - last.atMs >= freshMs) last = { storage: probe(), atMs: nowMs }
    return last.storage
  }

  function probe(): string {
    try {
      store.saveSetting('hub.ready-at', String(clock.now()))
      return 'ok'
    } catch (error) {
      // The answer to the probe is the code, whatever is wrong with the medium.
      if (error instanceof EffigyError) return error.code
      throw error
    }
  }

  function accepts(): string {
    if (isStopping()) return 'stopping'
    if (isDraining()) return 'draining'
    return headroom.refusal ?? (connections() >= maxConnections ? 'full' : 'yes')
  }

  return () => {
    const accepting = accepts()
    const written = storage()
    const state = written === 'ok' && headroom.isDiskLow ? 'low' : written
    return { ready: accepting === 'yes' && state === 'ok', storage: state, accepting }
  }
}
