/**
 * Cutting a file into blocks exactly as `ipfs add --cid-version=1 --chunker=size-262144` does (spec B1):
 * raw leaves, balanced, 174 links a node; up to 256 KiB is one raw block.
 *
 *     bytes ─chunks of 256 KiB▶ raw blocks ─174 links a node▶ … ─▶ root
 *
 * @module
 */
import { type Cid, cidOfBytes } from '@effigy/core'
import { importByteStream, type WritableStorage } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'
import type { CID } from 'multiformats/cid'
import { type Blocks, maxRawBlockBytes } from './blocks.ts'

export interface ImportOptions {
  readonly signal: AbortSignal
  /** Called after each piece with the bytes read so far. */
  readonly onProgress?: (bytesRead: number) => void
}

export interface ImportedFile {
  readonly cid: Cid
  /** Bytes of content. */
  readonly size: number
  /** Distinct blocks of the DAG. */
  readonly blocks: number
  /** Bytes of those blocks: the size to state in an entry's `links` (B8). */
  readonly dagSize: number
}

/** What a directory needs to know of a file in it. */
export interface ImportedPart extends ImportedFile {
  /** UnixFS's cumulative size, doubles counted: the `Tsize` of a link to it. */
  readonly linkSize: number
}

export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

const maxChildrenPerNode = 174

/** Used for directories too. Every choice is spelled out: another default in a later version would change names. */
export const importerOptions = {
  cidVersion: 1,
  rawLeaves: true,
  reduceSingleLeafToSelf: true,
  shardSplitThresholdBytes: 256 * 1024,
  shardSplitStrategy: 'links-bytes',
  shardFanoutBits: 8,
  fieldOrder: 'links-first',
} as const

/**
 * Reads a file once, keeping at most some ten chunks in memory. Pieces of the source must not be written to
 * afterwards. Throws what the source, the block store or the signal throw; blocks put by then stay.
 */
export async function importFile(
  source: ByteSource,
  blocks: Blocks,
  options: ImportOptions,
): Promise<ImportedFile> {
  const { cid, size, blocks: count, dagSize } = await importPart(source, blocks, options)
  return { cid, size, blocks: count, dagSize }
}

export async function importPart(
  source: ByteSource,
  blocks: Pick<Blocks, 'put'>,
  options: ImportOptions,
): Promise<ImportedPart> {
  const sink = createBlockSink(blocks)
  let size = 0
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const piece of source) {
      options.signal.throwIfAborted()
      size += piece.length
      yield piece
      options.onProgress?.(size)
    }
  }
  options.signal.throwIfAborted()
  const result = await importByteStream(watched(), sink.store, {
    ...importerOptions,
    chunker: fixedSize({ chunkSize: maxRawBlockBytes }),
    layout: balanced({ maxChildrenPerNode }),
  })
  options.signal.throwIfAborted()
  return { cid: ourCid(result.cid), size, linkSize: Number(result.size), ...sink.totals() }
}

/** Keeps each block once, and counts. */
export interface BlockSink {
  keep(cid: Cid, bytes: Uint8Array): void
  /** The same for the library. */
  readonly store: WritableStorage
  totals(): { readonly blocks: number; readonly dagSize: number }
}

export function createBlockSink(blocks: Pick<Blocks, 'put'>): BlockSink {
  const seen = new Set<Cid>()
  let dagSize = 0
  function keep(cid: Cid, bytes: Uint8Array): void {
    if (seen.has(cid)) return
    seen.add(cid)
    dagSize += bytes.length
    blocks.put(cid, bytes)
  }
  return {
    keep,
    store: {
      async put(cid, bytes) {
        if (!(bytes instanceof Uint8Array)) throw new TypeError('the importer hands over whole blocks')
        keep(ourCid(cid), bytes)
        return cid
      },
    },
    totals: () => ({ blocks: seen.size, dagSize }),
  }
}

/** The library makes no other kind with the options above. */
export function ourCid(cid: CID): Cid {
  const ours = cidOfBytes(cid.bytes)
  if (ours === null) throw new TypeError('the importer gave a CID that is not CIDv1 of SHA-256')
  return ours
}
