/**
 * All blocks of a DAG, level by level, each once (spec B6-B8): what is missing, what is here, how much it is.
 *
 *     root ─▶ links ─▶ their links …   bounded in depth and number; every size is compared with what was said of it
 *
 * @module
 */
import { type Cid, isRawCid, ok, type Result } from '@effigy/core'
import type { Block, Blocks } from './blocks.ts'
import { type FileError, fileError } from './file-error.ts'
import { type DagNode, decodeNode } from './node.ts'

/** Blocks from a root to a leaf, both counted (B6). */
export const maxDepth = 32

/** Distinct blocks of one DAG (B6): 256 GiB in full chunks. */
export const maxDagBlocks: number = 1024 * 1024

export interface MissingBlocks {
  /** Those nearest the root first, at most the limit asked for. Empty: everything is here. */
  readonly missing: readonly Cid[]
  /** Whether there is nothing more to find: no block is missing beyond those listed, as far as can be seen from here. */
  readonly complete: boolean
}

/**
 * Which blocks of the DAG to fetch next (B7). Below a missing node nothing is known, so ask again as
 * nodes arrive. Raw blocks are only looked for, not read: their sizes are checked when they are.
 */
export function missingBlocks(
  root: Cid,
  blocks: Blocks,
  options: { readonly limit: number },
): Result<MissingBlocks, FileError> {
  const missing: Cid[] = []
  for (const step of walk(root, blocks, 'nodes')) {
    if (!step.ok) return step
    if (step.value.here) continue
    if (missing.length >= options.limit) return ok({ missing, complete: false })
    missing.push(step.value.cid)
  }
  return ok({ missing, complete: true })
}

/** The blocks of the DAG that are here, root first. Ends after the first error. */
export function* dagBlocks(root: Cid, blocks: Blocks): Generator<Result<Block, FileError>, void> {
  for (const step of walk(root, blocks, 'all')) {
    if (!step.ok) yield step
    else if (step.value.bytes !== null) yield ok({ cid: step.value.cid, bytes: step.value.bytes })
  }
}

/** Bytes of all distinct blocks of a DAG that is wholly here (B8): the size that an entry's `links` states. */
export function dagSize(root: Cid, blocks: Blocks): Result<number, FileError> {
  let size = 0
  for (const step of walk(root, blocks, 'all')) {
    if (!step.ok) return step
    if (step.value.bytes === null) return fileError('missing', step.value.cid, 'not here')
    size += step.value.bytes.length
  }
  return ok(size)
}

interface Step {
  readonly cid: Cid
  readonly here: boolean
  /** Null when the block is not here, or is raw and only nodes are read. */
  readonly bytes: Uint8Array | null
}

/**
 * What a block is, or was said to be: bytes of content for a file or a part of one (0 and up), or one of
 * these. Two links that say different things of one block cannot both be right.
 */
type Shape = number
const anyShape: Shape = -1
const shardShape: Shape = -2
const directoryShape: Shape = -3
const symlinkShape: Shape = -4

/** Breadth first. Yields each block once; the first error is the last item. */
function* walk(root: Cid, blocks: Blocks, read: 'nodes' | 'all'): Generator<Result<Step, FileError>, void> {
  const shapes = new Map<Cid, Shape>([[root, anyShape]])
  let level: Cid[] = [root]
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > maxDepth) return yield fileError('too-deep', level[0] ?? root, `more than ${maxDepth} levels`)
    const below: Cid[] = []
    for (const cid of level) {
      if (isRawCid(cid) && read === 'nodes') {
        yield ok({ cid, here: blocks.has(cid), bytes: null })
        continue
      }
      const bytes = blocks.get(cid)
      if (bytes === null) {
        yield ok({ cid, here: false, bytes })
        continue
      }
      const node = decodeNode(cid, bytes)
      if (!node.ok) return yield node
      if (!noteShape(shapes, cid, shapeOf(node.value))) return yield contradiction(cid)
      for (const link of linksOf(node.value)) {
        const isNew = !shapes.has(link.cid)
        if (!noteShape(shapes, link.cid, link.shape)) return yield contradiction(link.cid)
        if (isNew) below.push(link.cid)
      }
      if (shapes.size > maxDagBlocks)
        return yield fileError('too-large', cid, `more than ${maxDagBlocks} blocks`)
      yield ok({ cid, here: true, bytes })
    }
    level = below
  }
}

function noteShape(shapes: Map<Cid, Shape>, cid: Cid, shape: Shape): boolean {
  const known = shapes.get(cid) ?? anyShape
  if (known === anyShape) shapes.set(cid, shape)
  return known === anyShape || shape === anyShape || known === shape
}

function shapeOf(node: DagNode): Shape {
  switch (node.type) {
    case 'file':
      return node.size
    case 'directory':
      return directoryShape
    case 'shard':
      return shardShape
    case 'symlink':
      return symlinkShape
  }
}

function linksOf(node: DagNode): readonly { readonly cid: Cid; readonly shape: Shape }[] {
  switch (node.type) {
    case 'file':
      return node.parts.map((part) => ({ cid: part.cid, shape: part.size }))
    case 'directory':
      return node.links.map((link) => ({ cid: link.cid, shape: anyShape }))
    case 'shard':
      return node.buckets.map(({ cid, name }) => ({ cid, shape: name === null ? shardShape : anyShape }))
    case 'symlink':
      return []
  }
}

function contradiction(cid: Cid): Result<never, FileError> {
  return fileError('size-mismatch', cid, 'not the kind or the size it was said to be')
}
