/**
 * Reading a file, or a range of it, from its blocks (spec B9): one block at a time, sizes checked on the way.
 *
 *     root ─▶ node ─parts that overlap the range▶ node ─▶ raw block ─▶ bytes
 *
 * @module
 */
import { type Cid, ok, type Result } from '@effigy/core'
import type { Blocks } from './blocks.ts'
import { type FileError, fileError } from './file-error.ts'
import { decodeNode, type FileNode } from './node.ts'
import { maxDepth } from './walk.ts'

export interface ReadOptions {
  /** First byte; default 0. Beyond the end nothing is read. */
  readonly offset?: number
  /** Bytes at most; default all. */
  readonly length?: number
  readonly signal: AbortSignal
}

/** What a reading may cost besides what its content is worth (B9): the nodes above a range of a few bytes. */
const baseCost = 2 * 1024 * 1024

/** Bytes that looking up a block counts as, however short it is. */
const leastCost = 2048

/** Cost that a byte of content is worth: pieces of 1 KiB, and the nodes above them. */
const worth = 3

/** Bytes of content, as its root block says; only that block is needed. */
export function fileSize(root: Cid, blocks: Blocks): Result<number, FileError> {
  const node = fileNode(root, blocks.get(root))
  return node.ok ? ok(node.value.size) : node
}

/**
 * The bytes of a file in order, in pieces of at most 384 KiB that must not be written to. A failure is the
 * last item; after `missing`, fetch that block and go on with `offset`. Throws only the signal's reason.
 */
export async function* readFile(
  root: Cid,
  blocks: Blocks,
  options: ReadOptions,
): AsyncGenerator<Result<Uint8Array, FileError>, void> {
  const start = options.offset ?? 0
  const end = start + (options.length ?? Number.POSITIVE_INFINITY)
  const pending: Pending[] = [{ cid: root, size: null, at: 0, depth: 1 }]
  let budget = baseCost
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    options.signal.throwIfAborted()
    const { cid, size, at, depth } = next
    if (depth > maxDepth) return yield fileError('too-deep', cid, `more than ${maxDepth} levels`)
    const block = blocks.get(cid)
    const node = fileNode(cid, block)
    if (!node.ok) return yield node
    budget -= Math.max(block?.length ?? 0, leastCost)
    if (budget < 0) return yield fileError('too-large', cid, 'too many parts')
    if (size !== null && node.value.size !== size)
      return yield fileError('size-mismatch', cid, `${node.value.size} bytes instead of ${size}`)
    const { data } = node.value
    const piece = data.subarray(clamp(start - at, data.length), clamp(end - at, data.length))
    budget += worth * piece.length
    if (piece.length > 0) yield ok(piece)
    pending.push(...overlapping(node.value, { start, end, at, depth }))
  }
}

/** The same as a stream, for platforms that want one; it fails with a `FileReadFailure`. */
export function fileStream(root: Cid, blocks: Blocks, options: ReadOptions): ReadableStream<Uint8Array> {
  const pieces = readFile(root, blocks, options)
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await pieces.next()
      if (next.done === true) controller.close()
      else if (next.value.ok) controller.enqueue(next.value.value)
      else controller.error(new FileReadFailure(next.value.error))
    },
    async cancel() {
      await pieces.return()
    },
  })
}

/** Carries a `FileError` through a stream, which can only fail with an exception. */
export class FileReadFailure extends Error {
  override readonly name = 'FileReadFailure'
  readonly error: FileError

  constructor(error: FileError) {
    super(`${error.code}: ${error.detail}`)
    this.error = error
  }
}

interface Pending {
  readonly cid: Cid
  /** What the node above says; null for the root. */
  readonly size: number | null
  /** Where its content begins in the file. */
  readonly at: number
  readonly depth: number
}

function fileNode(cid: Cid, bytes: Uint8Array | null): Result<FileNode, FileError> {
  if (bytes === null) return fileError('missing', cid, 'not here')
  const node = decodeNode(cid, bytes)
  if (!node.ok) return node
  return node.value.type === 'file' ? ok(node.value) : fileError('not-a-file', cid, `a ${node.value.type}`)
}

/** The parts that hold some of the range, last first. */
function overlapping(
  node: FileNode,
  range: { readonly start: number; readonly end: number; readonly at: number; readonly depth: number },
): Pending[] {
  const found: Pending[] = []
  let at = range.at + node.data.length
  for (const { cid, size } of node.parts) {
    if (at + size > range.start && at < range.end) found.push({ cid, size, at, depth: range.depth + 1 })
    at += size
  }
  return found.reverse()
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most)
}
