/**
 * Which blocks one other side may have (spec R8): what is shared with it, and all that lies below that.
 *
 *     cid ─▶ shared itself? ─▶ below a root that is (rootsAbove)? ─▶ yes, for a moment without asking again
 *
 * The store knows what lies below what. What is kept here only saves asking it twice for each block of a file:
 * names and bytes of a node cannot change, and whether its root is shared is asked anew.
 *
 * @module
 */
import type { Cid } from '@effigy/core'
import { decodeNode, type Store } from '@effigy/store'
import type { Sharing } from './sharing.ts'

export interface BlobGrants {
  /** Of a block that is here. */
  has(cid: Cid): boolean
  /** A node that they have got: they ask for what it names next. */
  learn(cid: Cid, block: Uint8Array): void
}

export interface BlobGrantsPorts {
  readonly store: Pick<Store, 'rootsAbove'>
  readonly sharing: Pick<Sharing, 'blob'>
  readonly monotonic: () => number
}

/** Names that are kept: half a megabyte. */
const mostNames = 4096

/** Ms for which a root that was shared is taken to be so still: bytes on the wire are as old. */
const trustedMs = 250

export function createBlobGrants({ store, sharing, monotonic }: BlobGrantsPorts): BlobGrants {
  /** By name, the shared root above it. */
  const roots = new Map<Cid, Cid>()
  let last: { readonly root: Cid; readonly untilMs: number } | null = null

  function isShared(root: Cid): boolean {
    const nowMs = monotonic()
    if (last?.root === root && nowMs < last.untilMs) return true
    if (!sharing.blob(root)) return false
    last = { root, untilMs: nowMs + trustedMs }
    return true
  }

  function rootOf(cid: Cid): Cid | null {
    const known = roots.get(cid)
    if (known !== undefined && isShared(known)) return known
    if (isShared(cid)) return cid
    for (const root of store.rootsAbove(cid)) if (isShared(root)) return root
    return null
  }

  return {
    has: (cid) => rootOf(cid) !== null,
    learn(cid, block) {
      const root = rootOf(cid)
      const node = decodeNode(cid, block)
      // What is listed in a directory is asked for by far fewer than what a file is made of.
      if (root === null || !node.ok || node.value.type !== 'file') return
      const { parts } = node.value
      if (parts.length > mostNames) return
      if (roots.size + parts.length > mostNames) roots.clear()
      for (const part of parts) roots.set(part.cid, root)
    },
  }
}
