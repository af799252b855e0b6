/**
 * Making a directory of files as `ipfs add -r --cid-version=1` does (spec B4, B5): one node, or a HAMT when
 * its names and CIDs take more than 256 KiB.
 *
 *     (path, content)… ─importFile▶ tree of names ─from the leaves up▶ directory nodes ─▶ root
 *
 * The tree is built here, node by node, because the library's own tree does not count subdirectories towards the
 * 256 KiB and takes a backslash in a name for an escape.
 *
 * @module
 */
import { type Cid, cidBytes, ok, type Result, utf8 } from '@effigy/core'
import { encode, prepare } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { DirSharded } from 'ipfs-unixfs-importer/utils'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import type { Blocks } from './blocks.ts'
import { type FileError, fileError } from './file-error.ts'
import { parseFilePath } from './file-name.ts'
import {
  type BlockSink,
  type ByteSource,
  createBlockSink,
  type ImportedFile,
  type ImportOptions,
  importerOptions,
  importPart,
  ourCid,
} from './import-file.ts'

export interface DirectorySource {
  /** `a/b.txt`; directories on the way come by themselves. */
  readonly path: string
  /** Null for a directory, which may stay empty. */
  readonly content: ByteSource | null
}

export interface ImportedDirectory extends ImportedFile {
  /** Files in it, at any depth. `size` is the sum of theirs. */
  readonly files: number
}

/**
 * Imports one file after the other, in the order given; the result does not depend on it. Holds the names and
 * CIDs of all entries in memory, never their contents. Throws what the sources, the block store or the signal throw.
 */
export async function importDirectory(
  entries: AsyncIterable<DirectorySource> | Iterable<DirectorySource>,
  blocks: Blocks,
  options: ImportOptions,
): Promise<Result<ImportedDirectory, FileError>> {
  const root: Tree = new Map()
  const sink = createBlockSink(blocks)
  let size = 0
  let files = 0
  for await (const { path, content } of entries) {
    options.signal.throwIfAborted()
    const components = parseFilePath(path)
    if (components === null) return fileError('bad-path', null, 'not a path of file names')
    const before = size
    const place = findPlace(root, components, content === null)
    if (place === null) return fileError('duplicate-path', null, 'two things of one name')
    if (content === null) continue
    const progress = options.onProgress
    const part = await importPart(
      content,
      { put: sink.keep },
      {
        signal: options.signal,
        ...(progress === undefined
          ? {}
          : { onProgress: (bytesRead: number) => progress(before + bytesRead) }),
      },
    )
    place.directory.set(place.name, { cid: part.cid, linkSize: part.linkSize })
    size += part.size
    files++
  }
  const { cid } = await writeTree(root, sink)
  return ok({ cid, size, files, ...sink.totals() })
}

type Tree = Map<string, Tree | Leaf>

interface Leaf {
  readonly cid: Cid
  readonly linkSize: number
}

/** Where a file goes; makes the directories on the way. Null when something else stands there or on the way. */
function findPlace(
  root: Tree,
  components: readonly string[],
  isDirectory: boolean,
): { readonly directory: Tree; readonly name: string } | null {
  const name = components.at(-1)
  if (name === undefined) return isDirectory ? { directory: root, name: '' } : null
  let directory = root
  for (const component of isDirectory ? components : components.slice(0, -1)) {
    const known = directory.get(component)
    if (known !== undefined && !(known instanceof Map)) return null
    const next: Tree = known ?? new Map()
    directory.set(component, next)
    directory = next
  }
  return isDirectory || !directory.has(name) ? { directory, name } : null
}

/** From the leaves up; as deep as paths are long. */
async function writeTree(tree: Tree, sink: BlockSink): Promise<Leaf> {
  const leaves: [name: string, leaf: Leaf][] = []
  let estimate = 0
  for (const [name, child] of tree) {
    const leaf = child instanceof Map ? await writeTree(child, sink) : child
    leaves.push([name, leaf])
    estimate += utf8(name).length + cidBytes(leaf.cid).length
  }
  return estimate > importerOptions.shardSplitThresholdBytes
    ? writeShards(leaves, sink)
    : writeNode(leaves, sink)
}

async function writeNode(leaves: readonly [string, Leaf][], sink: BlockSink): Promise<Leaf> {
  const links = leaves.map(([name, leaf]) => ({
    Name: name,
    Tsize: leaf.linkSize,
    Hash: CID.parse(leaf.cid),
  }))
  const bytes = encode(prepare({ Data: new UnixFS({ type: 'directory' }).marshal(), Links: links }))
  const cid = CID.createV1(dagPbCode, await sha256.digest(bytes))
  await sink.store.put(cid, bytes)
  return { cid: ourCid(cid), linkSize: leaves.reduce((sum, [, leaf]) => sum + leaf.linkSize, bytes.length) }
}

const dagPbCode = 0x70

async function writeShards(leaves: readonly [string, Leaf][], sink: BlockSink): Promise<Leaf> {
  const directory = new DirSharded(
    { root: true, dir: true, path: '', dirty: true, flat: false },
    importerOptions,
  )
  for (const [name, leaf] of leaves) {
    await directory.put(name, { cid: CID.parse(leaf.cid), size: BigInt(leaf.linkSize) })
  }
  let root: Leaf | null = null
  for await (const { cid, size } of directory.flush(sink.store))
    root = { cid: ourCid(cid), linkSize: Number(size) }
  if (root === null) throw new TypeError('the importer wrote no directory')
  return root
}
