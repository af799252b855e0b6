/**
 * What a block holds: the blocks that it names.
 *
 * @module
 */
import type { Cid } from '@effigy/core'
import { type DagNode, decodeNode } from '../files/node.ts'

/** Each block that a node names, once. A node that is not understood names none. */
export function childrenOf(cid: Cid, bytes: Uint8Array): ReadonlySet<Cid> {
  const node = decodeNode(cid, bytes)
  return new Set(node.ok ? linksOf(node.value) : [])
}

function linksOf(node: DagNode): readonly Cid[] {
  switch (node.type) {
    case 'file':
      return node.parts.map((part) => part.cid)
    case 'directory':
      return node.links.map((link) => link.cid)
    case 'shard':
      return node.buckets.map((bucket) => bucket.cid)
    case 'symlink':
      return []
  }
}
