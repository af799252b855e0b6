/**
 * Looking into directories, plain and sharded (spec B4, B5, B9).
 *
 *     listDirectory: root ─▶ every shard ─▶ entries
 *     resolvePath:   root ─'a'▶ directory ─'b.txt'▶ file      (one shard a level, by the name's hash)
 *
 * @module
 */
import { type Cid, isRawCid, ok, type Result, utf8 } from '@effigy/core'
import type { Blocks } from './blocks.ts'
import { type FileError, fileError } from './file-error.ts'
import { parseFilePath } from './file-name.ts'
import { murmur3x64 } from './murmur3.ts'
import { type DagNode, type DirectoryNode, decodeNode, type NamedLink, type ShardNode } from './node.ts'

export interface DirectoryEntry extends NamedLink {
  /** What it is; null while its root block is not here or not understood. */
  readonly type: EntryType | null
}

export type EntryType = 'file' | 'directory' | 'symlink'

export interface ResolvedPath {
  readonly cid: Cid
  readonly type: EntryType
}

/** Entries that are listed at once (B6). */
export const maxDirectoryEntries = 1_000_000

/** Shards from a directory's root to a leaf: a level for each byte of the hash. */
const maxShardDepth = 8

/** All entries, by name (UTF-16 order). An entry's own block need not be here; the directory's must. */
export function listDirectory(root: Cid, blocks: Blocks): Result<readonly DirectoryEntry[], FileError> {
  const links = directoryLinks(root, blocks)
  if (!links.ok) return links
  const entries = links.value.map((link) => ({ ...link, type: peekType(link.cid, blocks) }))
  return ok(entries.sort((a, b) => (a.name < b.name ? -1 : 1)))
}

/** What stands at `a/b.txt` below a root; the empty path is the root itself. */
export function resolvePath(root: Cid, path: string, blocks: Blocks): Result<ResolvedPath, FileError> {
  const components = parseFilePath(path)
  if (components === null) return fileError('bad-path', null, 'not a path of file names')
  let cid = root
  for (const name of components) {
    const node = readNode(cid, blocks)
    if (!node.ok) return node
    const found = lookUp(cid, node.value, name, blocks)
    if (!found.ok) return found
    cid = found.value
  }
  const node = readNode(cid, blocks)
  return node.ok ? ok({ cid, type: entryType(node.value) }) : node
}

function directoryLinks(root: Cid, blocks: Blocks): Result<readonly NamedLink[], FileError> {
  const node = readNode(root, blocks)
  if (!node.ok) return node
  if (node.value.type === 'directory') return ok(node.value.links)
  if (node.value.type !== 'shard') return fileError('not-a-directory', root, `a ${node.value.type}`)
  return shardLinks(root, node.value, blocks)
}

/** Depth first, a shard decoded only when its turn comes: a hostile one is found out after a few blocks. */
function shardLinks(
  root: Cid,
  rootShard: ShardNode,
  blocks: Blocks,
): Result<readonly NamedLink[], FileError> {
  const links: NamedLink[] = []
  const pending: { readonly cid: Cid; readonly path: readonly number[] }[] = [{ cid: root, path: [] }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const shard = next.path.length === 0 ? ok(rootShard) : subShard(next.cid, next.path.length, blocks)
    if (!shard.ok) return shard
    for (const { index, name, cid, claimedBytes } of shard.value.buckets) {
      const path = [...next.path, index]
      if (name === null) {
        pending.push({ cid, path })
        continue
      }
      // A name in its own bucket cannot be in another: no name comes twice, and each is found by its hash.
      const hash = murmur3x64(utf8(name))
      if (path.some((step, depth) => hash[depth] !== step))
        return fileError('bad-block', next.cid, 'a name in a bucket that is not its own')
      links.push({ name, cid, claimedBytes })
      if (links.length > maxDirectoryEntries)
        return fileError('too-large', root, `more than ${maxDirectoryEntries} entries`)
    }
  }
  return ok(links)
}

function lookUp(cid: Cid, node: DagNode, name: string, blocks: Blocks): Result<Cid, FileError> {
  if (node.type === 'directory') return findLink(node, name)
  if (node.type !== 'shard') return fileError('not-a-directory', cid, `a ${node.type}`)
  const hash = murmur3x64(utf8(name))
  let shard = node
  for (const [depth, index] of hash.entries()) {
    const bucket = shard.buckets.find((one) => one.index === index)
    if (bucket === undefined) break
    if (bucket.name === name) return ok(bucket.cid)
    if (bucket.name !== null) break
    const below = subShard(bucket.cid, depth + 1, blocks)
    if (!below.ok) return below
    shard = below.value
  }
  return fileError('not-found', null, 'no such name')
}

function findLink(node: DirectoryNode, name: string): Result<Cid, FileError> {
  const link = node.links.find((one) => one.name === name)
  return link === undefined ? fileError('not-found', null, 'no such name') : ok(link.cid)
}

/** An empty shard below the root would let a few blocks stand for endlessly many: none is written, none is taken. */
function subShard(cid: Cid, depth: number, blocks: Blocks): Result<ShardNode, FileError> {
  if (depth >= maxShardDepth) return fileError('too-deep', cid, `more than ${maxShardDepth} shards`)
  const node = readNode(cid, blocks)
  if (!node.ok) return node
  if (node.value.type !== 'shard') return fileError('bad-block', cid, 'not a shard')
  return node.value.buckets.length === 0 ? fileError('bad-block', cid, 'an empty shard') : ok(node.value)
}

function readNode(cid: Cid, blocks: Blocks): Result<DagNode, FileError> {
  const bytes = blocks.get(cid)
  return bytes === null ? fileError('missing', cid, 'not here') : decodeNode(cid, bytes)
}

function peekType(cid: Cid, blocks: Blocks): EntryType | null {
  if (isRawCid(cid)) return 'file'
  const node = readNode(cid, blocks)
  return node.ok ? entryType(node.value) : null
}

function entryType(node: DagNode): EntryType {
  return node.type === 'shard' ? 'directory' : node.type
}
