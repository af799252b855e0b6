/**
 * What all devices of a person share and nobody else reads: read markers, petnames, drafts (spec P18, X2).
 *
 *     set([key, value], …) ─▶ device_state, sealed to own devices ─▶ the newest of each key, everywhere
 *
 * @module
 */
import { type Json, maxStateChanges, type Payload } from '@effigy/core'
import type { DeviceValue, Store } from '@effigy/store'
import type { Clock } from '@effigy/sync'

export interface OwnState {
  /** What was last said of a key by any own device; null when nothing was, or it was removed. */
  value(key: string): Json | null
  /** Keys that begin with `prefix`, in their order, up to `limit` (1,000) above `after`. */
  values(
    prefix: string,
    page?: { readonly after?: string | null; readonly limit?: number },
  ): readonly DeviceValue[]
  /**
   * Says something new of keys (a line of 1 to 192 bytes, `topic/name`); null removes one. Resolves when it is durable
   * here; other devices have it when they have this feed. What says nothing new is left out. Throws as `publish` does.
   */
  set(changes: Iterable<readonly [key: string, value: Json]>): Promise<void>
}

export interface OwnStatePorts {
  readonly store: Pick<Store, 'deviceValue' | 'deviceValues'>
  readonly clock: Clock
  /** `above`: the comparable must exceed it. */
  readonly publish: (payload: Payload, above: number) => Promise<unknown>
}

export function createOwnState({ store, clock, publish }: OwnStatePorts): OwnState {
  return {
    value: (key) => store.deviceValue(key)?.value ?? null,
    values: (prefix, page) => store.deviceValues(prefix, page),
    async set(changes) {
      // The last word on a key counts, as if one had been said after the other.
      const news = [...new Map(changes)].filter(([key, value]) => {
        const known = store.deviceValue(key)?.value ?? null
        return JSON.stringify(known) !== JSON.stringify(value)
      })
      for (let at = 0; at < news.length; at += maxStateChanges) {
        const part = news.slice(at, at + maxStateChanges)
        const above = Math.max(0, ...part.map(([key]) => store.deviceValue(key)?.comparable ?? 0))
        await publish({ type: 'device_state', at: clock.now(), changes: part } as unknown as Payload, above)
      }
    },
  }
}
