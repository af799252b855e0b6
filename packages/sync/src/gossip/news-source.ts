/**
 * Tells a head together with the entries that the other side lacks below it (spec G4).
 *
 *     head moved ─ carried here, small, all of it here ─▶ `news` ‖ head ‖ batch       else ─▶ `heads`
 *
 * @module
 */
import type { Head, HeadRecord, Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Carry } from '../messages.ts'
import { readIdentities, writeHeads } from '../messages-bytes.ts'
import { encodeBatch } from '../replication/batch.ts'
import type { Effects, Outgoing } from '../replication/effects.ts'

export interface NewsSourcePorts {
  readonly store: Pick<Store, 'serve' | 'feed'>
  readonly effects: Pick<Effects, 'end'>
  /** Carried unless the other side says otherwise: our own feed; by a hub, all. */
  readonly isDefault: (identity: Identity) => boolean
  /** Whether the other side watches that feed: what it says of others is forgotten. */
  readonly isWatched: (identity: Identity) => boolean
}

export interface NewsSource {
  carry(message: Carry, bytes: Uint8Array): void
  /** The other side watches others now: what it said of feeds that it left is forgotten (T16). */
  prune(): void
  /** The frame that tells this head with its entries, or null: told alone then. `known`: what the other side has. */
  news(record: HeadRecord, known: Head | null): Outgoing | null
}

/** Entries that ride along: as many as somebody writes in the time of one frame. */
const maxCarriedEntries = 16

/** Entries and bodies after rebuilding; what is larger is asked for. */
export const maxCarriedBytes: number = 16 * 1024

export function createNewsSource({ store, effects, isDefault, isWatched }: NewsSourcePorts): NewsSource {
  /** Where the other side wants it otherwise. */
  const otherwise = new Set<Identity>()

  return {
    carry({ on }, bytes) {
      const identities = readIdentities(bytes)
      if (identities === null) {
        effects.end('bad-message')
        return
      }
      for (const identity of identities) {
        if (!isWatched(identity)) continue
        if (on === isDefault(identity)) otherwise.delete(identity)
        else otherwise.add(identity)
      }
    },
    prune() {
      for (const identity of otherwise) if (!isWatched(identity)) otherwise.delete(identity)
    },
    news(record, known) {
      const { identity, epoch, length, head } = record.head
      if (otherwise.has(identity) === isDefault(identity)) return null
      if (store.feed(identity)?.disputedAbove !== null) return null
      // A rebase is asked for: only who lacks it knows how far back it goes.
      if (known !== null && (known.epoch !== epoch || known.length >= length)) return null
      const above = known?.length ?? length - 1
      if (length - above > maxCarriedEntries) return null
      const served = store.serve(identity, head, {
        above,
        maxEntries: maxCarriedEntries,
        maxBytes: maxCarriedBytes,
        bodies: true,
      })
      // X23: who has no key is told the head alone.
      if (served.length !== length - above || served.some(({ entry }) => entry.sealed !== undefined))
        return null
      const { bytes } = encodeBatch(served)
      return {
        message: { type: 'news', first: above + 1, count: served.length },
        bytes: [writeHeads([record]), bytes],
      }
    },
  }
}
