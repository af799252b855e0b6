/**
 * Heads whose entries are here and verified (spec R1), as all sessions of a peer know it: one head is told to thousands.
 *
 *     head ─ looked up for another session lately? ─▶ yes      no ─▶ store
 *
 * An entry that was verified stays so; when it is erased, the head is another one.
 *
 * @module
 */
import type { RawCid } from '@effigy/core'
import type { Store } from '@effigy/store'

export interface VerifiedHeads {
  has(store: Pick<Store, 'entry'>, head: RawCid): boolean
}

/** Some 100 bytes each; the oldest goes. */
const most = 16_384

export function createVerifiedHeads(): VerifiedHeads {
  const verified = new Set<RawCid>()
  return {
    has(store, head) {
      if (verified.has(head)) return true
      if (store.entry(head)?.verified !== true) return false
      verified.add(head)
      const [oldest] = verified
      if (verified.size > most && oldest !== undefined) verified.delete(oldest)
      return true
    },
  }
}
