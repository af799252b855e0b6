/**
 * One block, understood: a file or a part of one, a directory, a shard of a large directory (spec B3-B5).
 *
 *     (cid, bytes) ─decodeNode▶ FileNode | DirectoryNode | ShardNode | SymlinkNode
 *
 * The bytes are known to hash to the CID; everything else about them is a stranger's word.
 *
 * @module
 */
import { type Cid, cidOfBytes, isRawCid, ok, type Result } from '@effigy/core'
import { isBlockLength } from './blocks.ts'
import { type DagPbLink, decodeDagPb } from './dag-pb.ts'
import { type FileError, fileError } from './file-error.ts'
import { isFileName } from './file-name.ts'
import { decodeUnixfsData, type UnixfsData, unixfsType } from './unixfs-data.ts'

/** A file, or a run of one. `data` comes first, then the parts in order. A raw block is one with `data` alone. */
export interface FileNode {
  readonly type: 'file'
  readonly data: Uint8Array
  readonly parts: readonly FilePart[]
  /** Bytes of content: `data` and what the parts are said to hold. */
  readonly size: number
}

export interface FilePart {
  readonly cid: Cid
  /** Bytes of content that this part must turn out to have; at least 1. */
  readonly size: number
}

export interface DirectoryNode {
  readonly type: 'directory'
  readonly links: readonly NamedLink[]
}

export interface NamedLink {
  readonly name: string
  readonly cid: Cid
  /** What the directory says the whole DAG below takes, in bytes; a claim. Null when it says nothing. */
  readonly claimedBytes: number | null
}

/** One node of a directory kept as a HAMT: 256 buckets by the name's hash. */
export interface ShardNode {
  readonly type: 'shard'
  readonly buckets: readonly ShardBucket[]
}

export interface ShardBucket {
  /** 0 to 255; each at most once. */
  readonly index: number
  /** An entry of the directory, or null for a shard below. */
  readonly name: string | null
  readonly cid: Cid
  readonly claimedBytes: number | null
}

/** Known and left alone: nothing here follows one. */
export interface SymlinkNode {
  readonly type: 'symlink'
}

export type DagNode = FileNode | DirectoryNode | ShardNode | SymlinkNode

/** Links a node may have (B3). */
export const maxLinks = 10_000

/** HAMT buckets a shard has: what `ipfs add` writes (B4). */
const shardFanout = 256
/** multicodec murmur3-x64-64. */
const shardHash = 0x22
const none: readonly never[] = []

/** What a block says of a file or directory. That the bytes are what `cid` names is not checked here. */
export function decodeNode(cid: Cid, bytes: Uint8Array): Result<DagNode, FileError> {
  if (!isBlockLength(cid, bytes.length)) return fileError('bad-block', cid, 'longer than a block may be')
  if (isRawCid(cid)) return ok({ type: 'file', data: bytes, parts: none, size: bytes.length })
  const node = decodeDagPb(bytes)
  if (node === null) return fileError('bad-block', cid, 'not dag-pb')
  const { links } = node
  if (links.length > maxLinks) return fileError('bad-block', cid, 'too many links')
  const data = node.data === null ? null : decodeUnixfsData(node.data, links.length)
  if (data === null) return fileError('bad-block', cid, 'not UnixFS')
  const decoded = interpret(data, links)
  return typeof decoded === 'string' ? fileError('bad-block', cid, decoded) : ok(decoded)
}

/** The node, or what is wrong with it. */
function interpret(data: UnixfsData, links: readonly DagPbLink[]): DagNode | string {
  switch (data.type) {
    case unixfsType.raw:
    case unixfsType.file:
      return fileNode(data, links)
    case unixfsType.directory:
      return directoryNode(links)
    case unixfsType.shard:
      return shardNode(data, links)
    case unixfsType.symlink:
      return links.length === 0 ? { type: 'symlink' } : 'a symlink with links'
    default:
      return 'unknown UnixFS type'
  }
}

function fileNode(data: UnixfsData, links: readonly DagPbLink[]): FileNode | string {
  if (data.blockSizes.length !== links.length) return 'parts and their sizes differ in number'
  const parts: FilePart[] = []
  let size = data.data.length
  for (const [index, link] of links.entries()) {
    const cid = linkCid(link)
    const partSize = data.blockSizes[index] ?? 0
    if (cid === null) return 'a link that is not a CID of ours'
    // Parts of no size would let a small DAG keep a reader busy for ever.
    if (partSize === 0) return 'an empty part'
    parts.push({ cid, size: partSize })
    size += partSize
  }
  if (!Number.isSafeInteger(size)) return 'sizes beyond 2^53 − 1'
  if (data.fileSize !== null && data.fileSize !== size) return 'the size is not the sum of the parts'
  return { type: 'file', data: data.data, parts, size }
}

function directoryNode(links: readonly DagPbLink[]): DirectoryNode | string {
  const named: NamedLink[] = []
  const names = new Set<string>()
  for (const link of links) {
    const cid = linkCid(link)
    const name = link.name
    if (cid === null) return 'a link that is not a CID of ours'
    if (!isFileName(name)) return 'a name that no file may have'
    if (names.has(name)) return 'the same name twice'
    names.add(name)
    named.push({ name, cid, claimedBytes: claimedBytes(link) })
  }
  return { type: 'directory', links: named }
}

function shardNode(data: UnixfsData, links: readonly DagPbLink[]): ShardNode | string {
  if (data.fanout !== shardFanout || data.hashType !== shardHash) return 'a HAMT of another kind'
  const buckets: ShardBucket[] = []
  const indexes = new Set<number>()
  for (const link of links) {
    const cid = linkCid(link)
    const label = link.name
    if (cid === null) return 'a link that is not a CID of ours'
    if (!/^[0-9A-F]{2}/.test(label)) return 'a link without its bucket'
    const index = Number.parseInt(label.slice(0, 2), 16)
    if (indexes.has(index)) return 'the same bucket twice'
    indexes.add(index)
    const name = label.length > 2 ? label.slice(2) : null
    if (name !== null && !isFileName(name)) return 'a name that no file may have'
    buckets.push({ index, name, cid, claimedBytes: claimedBytes(link) })
  }
  return { type: 'shard', buckets }
}

/** Only raw and dag-pb under SHA-256 (B3), in the one form that names them; anything else is no block of ours. */
function linkCid(link: DagPbLink): Cid | null {
  return cidOfBytes(link.hash)
}

function claimedBytes(link: DagPbLink): number | null {
  return Number.isSafeInteger(link.size) ? link.size : null
}
