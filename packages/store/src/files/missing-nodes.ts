/**
 * What has to be fetched of a directory to look into it, and no more (spec B19).
 *
 *     root ─'a/b'▶ the nodes on the way ─▶ the shards of b        neither files nor other directories
 *
 * @module
 */
import { type Cid, isRawCid, ok, type Result } from '@effigy/core'
import type { Blocks } from './blocks.ts'
import { resolvePath } from './directory.ts'
import { type FileError, fileError } from './file-error.ts'
import { decodeNode } from './node.ts'
import { missingBlocks } from './walk.ts'

/** Bytes of the nodes of one directory that is listed: several hundred thousand names. */
export const maxListedBytes: number = 64 * 1024 * 1024

/**
 * Blocks without which `listDirectory` at that path cannot answer, as far as can be seen; none: it can, if only
 * with an error. Ask again as they arrive.
 */
export function missingNodes(
  root: Cid,
  path: string,
  blocks: Blocks,
  limit: number,
): Result<readonly Cid[], FileError> {
  const found = resolvePath(root, path, blocks)
  if (!found.ok) return onTheWay(found.error)
  const missing: Cid[] = []
  const seen = new Set<Cid>([found.value.cid])
  let bytes = 0
  for (const cid of seen) {
    if (isRawCid(cid)) continue
    const block = blocks.get(cid)
    if (block === null) {
      missing.push(cid)
      if (missing.length >= limit) break
      continue
    }
    bytes += block.length
    if (bytes > maxListedBytes)
      return fileError('too-large', found.value.cid, `more than ${maxListedBytes} bytes`)
    const node = decodeNode(cid, block)
    if (!node.ok) return node
    if (node.value.type !== 'shard') continue
    for (const { name, cid } of node.value.buckets) if (name === null) seen.add(cid)
  }
  return ok(missing)
}

/** The same for all of what stands at that path. */
export function missingBelow(
  root: Cid,
  path: string,
  blocks: Blocks,
  limit: number,
): Result<readonly Cid[], FileError> {
  const found = resolvePath(root, path, blocks)
  if (!found.ok) return onTheWay(found.error)
  const walked = missingBlocks(found.value.cid, blocks, { limit })
  return walked.ok ? ok(walked.value.missing) : walked
}

function onTheWay(error: FileError): Result<readonly Cid[], FileError> {
  return error.code === 'missing' && error.cid !== null ? ok([error.cid]) : { ok: false, error }
}
