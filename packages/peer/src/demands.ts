/**
 * Blobs that somebody here waits for, or has pinned, whatever the policies of feeds say (tap to load).
 *
 *     fetchBlob(root), browse(root, path) ─demand▶ wantedBlobs of every session ─▶ iwant
 *
 * @module
 */
import { type Cid, type Identity, identityOfKey, parseIdentity, type RandomBytes } from '@effigy/core'
import type { BlobWant, Store } from '@effigy/store'
import type { Saving } from './saving.ts'

/** Blocks of a part that are missing, at most so many. */
export type MissingPart = (limit: number) => readonly Cid[]

export interface Demands {
  /** In front of what feeds want. */
  readonly wantedBlobs: Store['wantedBlobs']
  /** Until disposed: all of a root, or a part of it. */
  demand(root: Cid, part?: MissingPart): Disposable
}

/** `hold` reason of what the person wants to keep. */
export const pinHold = 'pin'

/** Pins that are looked at when it is asked what is wanted. */
const maxPins = 1000

interface Demand {
  readonly root: Cid
  readonly part: MissingPart | null
}

export function createDemands(
  store: Pick<Store, 'wantedBlobs' | 'missingBlocks' | 'completeBlob' | 'holders' | 'heldAs'>,
  random: RandomBytes,
  saving: Pick<Saving, 'wants'>,
): Demands {
  const demands = new Set<Demand>()
  // No feed needs it: nobody has shown us a head of this one, so it is named to nobody but friends (R7).
  const nobody = identityOfKey(random(32))

  function wantOf(root: Cid, part: MissingPart | null): BlobWant {
    const holder = store.holders(root).find((name) => name.startsWith(feedPrefix))
    const identity: Identity = parseIdentity(holder?.slice(feedPrefix.length) ?? '') ?? nobody
    const want = { root, size: 0, identity, urgent: true }
    return part === null ? want : { ...want, missing: part }
  }

  function isOpen(root: Cid): boolean {
    if (store.missingBlocks(root, 1).length > 0) return true
    // Its last blocks may have come for another root.
    store.completeBlob(root)
    return false
  }

  /** All parts of one root together. */
  function partOf(root: Cid): MissingPart {
    const parts = [...demands].flatMap((demand) => (demand.root === root && demand.part ? [demand.part] : []))
    return (limit) => [...new Set(parts.flatMap((part) => part(limit)))].slice(0, limit)
  }

  /** Those for all of a root before those for a part of it, which they include. */
  function demanded(): readonly BlobWant[] {
    const wants = new Map<Cid, BlobWant>()
    const whole = [...demands].filter(({ part }) => part === null).map(({ root }) => root)
    for (const root of whole) if (!wants.has(root) && isOpen(root)) wants.set(root, wantOf(root, null))
    for (const { root, part } of demands) {
      if (part !== null && !wants.has(root)) wants.set(root, wantOf(root, partOf(root)))
    }
    for (const root of store.heldAs(pinHold, maxPins)) {
      if (!wants.has(root) && isOpen(root)) wants.set(root, { ...wantOf(root, null), urgent: false })
    }
    return [...wants.values()]
  }

  return {
    wantedBlobs(limit) {
      const asked = demanded()
      const roots = new Set(asked.filter(({ missing }) => missing === undefined).map(({ root }) => root))
      const wanted = store.wantedBlobs(limit).filter((want) => !roots.has(want.root) && saving.wants(want))
      const whole = new Set(wanted.map(({ root }) => root))
      // A part of what is wanted as a whole comes with it.
      const parts = asked.filter(({ root, missing }) => missing === undefined || !whole.has(root))
      return [...parts, ...wanted].slice(0, limit)
    },
    demand(root, part) {
      const demand: Demand = { root, part: part ?? null }
      demands.add(demand)
      return { [Symbol.dispose]: () => void demands.delete(demand) }
    },
  }
}

/** Of the names that `holders` gives for entries. */
const feedPrefix = 'feed:'
