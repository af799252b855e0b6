/**
 * What we ask the other side of one session to carry (spec G4): lists of feeds, gathered and told together.
 *
 *     carriers ─▶ carry(feed, on) … soon ─▶ `carry {on}` ‖ feeds
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { maxListedIds } from '../limits.ts'
import { writeIdentities } from '../messages-bytes.ts'
import type { Effects } from '../replication/effects.ts'
import { SparseMap, SparseSet } from '../sparse.ts'
import type { CarrierSession } from './carriers.ts'

export interface CarryPorts {
  readonly effects: Pick<Effects, 'send' | 'soon'>
  /** Whether the other side carries that feed unless it is told otherwise. */
  readonly isDefault: (identity: Identity) => boolean
}

export function createCarry({ effects, isDefault }: CarryPorts): CarrierSession {
  /** Where the other side was told otherwise than its default. */
  const told = new SparseSet<Identity>()
  const waiting = new SparseMap<Identity, boolean>()

  function flush(): void {
    for (const on of [true, false]) {
      const feeds = [...waiting].flatMap(([identity, isOn]) => (isOn === on ? [identity] : []))
      for (let at = 0; at < feeds.length; at += maxListedIds) {
        const part = feeds.slice(at, at + maxListedIds)
        effects.send({ type: 'carry', on, count: part.length }, writeIdentities(part))
      }
    }
    waiting.clear()
  }

  return {
    carry(identity, on) {
      const isOn = told.has(identity) !== isDefault(identity)
      if (isOn === on) return
      if (on === isDefault(identity)) told.delete(identity)
      else told.add(identity)
      if (waiting.size === 0) effects.soon(flush)
      waiting.set(identity, on)
    },
  }
}
