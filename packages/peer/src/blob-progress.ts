/**
 * How much of a file or directory is here, in bytes of content.
 *
 *     root ─▶ parts and links that are here ─▶ done          what they say they hold ─▶ total
 *
 * The total is known with the root block, and stays: what lies below counts for what its parent
 * says of it, true or not.
 *
 * @module
 */
import { type Cid, isRawCid } from '@effigy/core'
import { type Blocks, decodeNode, maxDepth, type Progress } from '@effigy/store'

/** Null while the root block is not here, or is nothing that can be counted. */
export function blobProgress(root: Cid, blocks: Blocks): Progress | null {
  return progressOf(root, { blocks, seen: new Map(), depth: 1 })
}

interface Walk {
  readonly blocks: Blocks
  /** Blocks that several parents share are counted once each, and looked at once. */
  readonly seen: Map<Cid, Progress | null>
  readonly depth: number
}

function progressOf(cid: Cid, walk: Walk): Progress | null {
  const known = walk.seen.get(cid)
  if (known !== undefined) return known
  // A DAG without circles by its hashes, but a hostile one may be deep.
  const found = walk.depth > maxDepth ? null : measure(cid, walk)
  walk.seen.set(cid, found)
  return found
}

function measure(cid: Cid, walk: Walk): Progress | null {
  const bytes = walk.blocks.get(cid)
  const node = bytes === null ? null : decodeNode(cid, bytes)
  if (node?.ok !== true) return null
  switch (node.value.type) {
    case 'file': {
      const { data, parts, size } = node.value
      return sum(data.length, size, parts, walk)
    }
    case 'directory': {
      const links = node.value.links.map(({ cid, claimedBytes }) => ({ cid, size: claimedBytes ?? 0 }))
      return sum(0, sizes(links), links, walk)
    }
    case 'shard': {
      const links = node.value.buckets.map(({ cid, claimedBytes }) => ({ cid, size: claimedBytes ?? 0 }))
      return sum(0, sizes(links), links, walk)
    }
    case 'symlink':
      return { done: 0, total: 0 }
  }
}

interface Part {
  readonly cid: Cid
  readonly size: number
}

function sum(first: number, total: number, parts: readonly Part[], walk: Walk): Progress {
  let done = first
  for (const { cid, size } of parts) {
    if (isRawCid(cid)) {
      if (walk.blocks.has(cid)) done += size
      continue
    }
    const inner = progressOf(cid, { ...walk, depth: walk.depth + 1 })
    if (inner === null) continue
    // In the parent's measure, so that the whole never outgrows its total.
    done += inner.total === 0 ? size : Math.floor((size * inner.done) / inner.total)
  }
  return { done: Math.min(done, total), total }
}

const sizes = (parts: readonly Part[]): number => parts.reduce((all, { size }) => all + size, 0)
