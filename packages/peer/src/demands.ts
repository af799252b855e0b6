/**
 * Blobs that somebody here waits for, whatever the policies of feeds say (DESIGN 2.8: tap to load).
 *
 *     fetchBlob(root) ─demand▶ wantedBlobs of every session ─▶ iwant
 *
 * @module
 */
import { type Cid, type Identity, identityOfKey, parseIdentity, type RandomBytes } from '@effigy/core'
import type { BlobWant, Store } from '@effigy/store'

export interface Demands {
  /** In front of what feeds want. */
  readonly wantedBlobs: Store['wantedBlobs']
  /** Until disposed. */
  demand(root: Cid): Disposable
}

export function createDemands(
  store: Pick<Store, 'wantedBlobs' | 'blobState' | 'holders'>,
  random: RandomBytes,
): Demands {
  const counts = new Map<Cid, number>()
  // No feed needs it: nobody has shown us a head of this one, so it is named to nobody but friends (R7).
  const nobody = identityOfKey(random(32))

  function wantOf(root: Cid): BlobWant {
    const holder = store.holders(root).find((name) => name.startsWith(feedPrefix))
    const identity: Identity | null = parseIdentity(holder?.slice(feedPrefix.length) ?? '')
    return { root, size: 0, identity: identity ?? nobody }
  }

  function isOpen(root: Cid): boolean {
    const { type } = store.blobState(root)
    return type === 'absent' || type === 'partial'
  }

  return {
    wantedBlobs(limit) {
      const wanted = store.wantedBlobs(limit)
      if (counts.size === 0) return wanted
      const roots = new Set(wanted.map(({ root }) => root))
      const demanded = [...counts.keys()].filter((root) => !roots.has(root) && isOpen(root)).map(wantOf)
      return [...demanded, ...wanted].slice(0, limit)
    },
    demand(root) {
      counts.set(root, (counts.get(root) ?? 0) + 1)
      return {
        [Symbol.dispose]() {
          const left = (counts.get(root) ?? 1) - 1
          if (left === 0) counts.delete(root)
          else counts.set(root, left)
        },
      }
    },
  }
}

/** Of the names that `holders` gives for entries. */
const feedPrefix = 'feed:'
