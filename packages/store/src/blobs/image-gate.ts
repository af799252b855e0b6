/**
 * Whether a complete blob may stay: no unencrypted picture in it carries metadata, is damaged or too large
 * (threats T11, T12, spec I2). A picture is known by its first bytes, wherever it is in a directory.
 *
 *     root ─▶ each file ─first 4 KiB▶ a picture? ─all its bytes▶ imageVerdict
 *
 * @module
 */
import { type Cid, imageVerdict, ok, type Result, sniffImage } from '@effigy/core'
import type { Blocks } from '../files/blocks.ts'
import { type FileError, fileError } from '../files/file-error.ts'
import { decodeNode } from '../files/node.ts'
import { maxDagBlocks, maxDepth } from '../files/walk.ts'

export type ImageRefusal = 'image-metadata' | 'image-damaged' | 'image-too-large'

/** Bytes of a picture that is still read to be judged; longer ones are refused. */
export const maxJudgedBytes: number = 64 * 1024 * 1024

/** Bytes of a file from which its kind is told: the pieces of a hostile one may be of one byte. */
const headBytes = 4096

/** Judges bytes that are a whole file; null when nothing speaks against them. */
export function judgeRawImage(bytes: Uint8Array): ImageRefusal | null {
  switch (sniffImage(bytes) === null ? 'clean' : imageVerdict(bytes)) {
    case 'metadata':
      return 'image-metadata'
    case 'damaged':
      return 'image-damaged'
    case 'too-large':
      return 'image-too-large'
    case 'clean':
    case 'not-an-image':
      return null
  }
}

/**
 * Judges every file of a DAG that is wholly here, whose distinct blocks have `dagBytes` bytes. The same blocks
 * may be named again and again, so the work has a bound of its own (`too-large`), which no honest DAG meets.
 */
export function judgeImages(
  root: Cid,
  blocks: Pick<Blocks, 'get'>,
  dagBytes: number,
): Result<ImageRefusal | null, FileError> {
  let budget = baseCost + 4 * dagBytes
  const seen = new Set<Cid>([root])
  const pending: Cid[] = [root]
  for (let cid = pending.pop(); cid !== undefined; cid = pending.pop()) {
    const node = readNode(cid, blocks)
    if (!node.ok) return node
    if (node.value.type === 'file') {
      const judged = judgeFile(cid, blocks, budget + fileCost)
      if (!judged.ok) return judged
      if (judged.value.refusal !== null) return ok(judged.value.refusal)
      budget -= Math.max(0, judged.value.cost - fileCost)
    } else if (node.value.type !== 'symlink') {
      const links = node.value.type === 'directory' ? node.value.links : node.value.buckets
      for (const link of links) {
        if (seen.has(link.cid)) continue
        seen.add(link.cid)
        pending.push(link.cid)
      }
      if (seen.size > maxDagBlocks) return fileError('too-large', cid, `more than ${maxDagBlocks} blocks`)
    }
  }
  return ok(null)
}

interface Judged {
  readonly refusal: ImageRefusal | null
  /** Bytes read, each block counted as `leastCost` at least. */
  readonly cost: number
}

/** Bytes that reading a block counts as, however short it is: looking it up and hashing it take their time. */
const leastCost = 8192

/** What each file may cost besides: a node and a short block. */
const fileCost = 2 * leastCost

/** What a DAG may cost besides its size: a thousand reads. */
const baseCost = 1024 * leastCost

function judgeFile(root: Cid, blocks: Pick<Blocks, 'get'>, budget: number): Result<Judged, FileError> {
  const parts: Uint8Array[] = []
  let length = 0
  let cost = 0
  let isImage = false
  for (const piece of filePieces(root, blocks)) {
    if (!piece.ok) return piece
    cost += Math.max(piece.value.length, leastCost)
    if (cost > budget) return fileError('too-large', root, 'too many parts to look through')
    length += piece.value.length
    parts.push(piece.value)
    if (!isImage && length >= headBytes) {
      isImage = sniffImage(join(parts, length)) !== null
      if (!isImage) return ok({ refusal: null, cost })
    }
    if (length > maxJudgedBytes) return ok({ refusal: 'image-too-large', cost })
  }
  return ok({ refusal: judgeRawImage(join(parts, length)), cost })
}

/** `concatBytes` takes its parts as arguments, of which there may be too many here. */
function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** The own bytes of each node of a file, in order and at once; a node without any gives an empty piece. */
function* filePieces(root: Cid, blocks: Pick<Blocks, 'get'>): Generator<Result<Uint8Array, FileError>, void> {
  const pending: { readonly cid: Cid; readonly depth: number }[] = [{ cid: root, depth: 1 }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { cid, depth } = next
    if (depth > maxDepth) return yield fileError('too-deep', cid, `more than ${maxDepth} levels`)
    const node = readNode(cid, blocks)
    if (!node.ok) return yield node
    if (node.value.type !== 'file') return yield fileError('bad-block', cid, 'a part that is not of a file')
    yield ok(node.value.data)
    const parts = node.value.parts.map((part) => ({ cid: part.cid, depth: depth + 1 }))
    for (const part of parts.reverse()) pending.push(part)
  }
}

function readNode(cid: Cid, blocks: Pick<Blocks, 'get'>): ReturnType<typeof decodeNode> {
  const bytes = blocks.get(cid)
  return bytes === null ? fileError('missing', cid, 'not here') : decodeNode(cid, bytes)
}
