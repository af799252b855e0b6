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
  isCarried(identity: Identity): boolean
}

export function createCarry(ports: CarryPorts): CarrierSession {
  return new SessionCarry(ports)
}

class SessionCarry implements CarrierSession {
  readonly #ports: CarryPorts
  /** Where the other side was told otherwise than its default. */
  readonly #told = new SparseSet<Identity>()
  readonly #waiting = new SparseMap<Identity, boolean>()

  constructor(ports: CarryPorts) {
    this.#ports = ports
  }

  #flush(): void {
    for (const on of [true, false]) {
      const feeds = [...this.#waiting].flatMap(([identity, isOn]) => (isOn === on ? [identity] : []))
      for (let at = 0; at < feeds.length; at += maxListedIds) {
        const part = feeds.slice(at, at + maxListedIds)
        this.#ports.effects.send({ type: 'carry', on, count: part.length }, writeIdentities(part))
      }
    }
    this.#waiting.clear()
  }

  carry(identity: Identity, on: boolean): void {
    const isOn = this.#told.has(identity) !== this.#ports.isCarried(identity)
    if (isOn === on) return
    if (on === this.#ports.isCarried(identity)) this.#told.delete(identity)
    else this.#told.add(identity)
    if (this.#waiting.size === 0) this.#ports.effects.soon(() => this.#flush())
    this.#waiting.set(identity, on)
  }
}
