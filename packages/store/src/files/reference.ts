/**
 * A second, slow and small, derivation of what files and directories are called; tests hold the library to it.
 * Protobuf is written by hand, so that it shares no line with the importer.
 *
 * @module
 */
import {
  type Cid,
  cidBytes,
  concatBytes,
  createByteWriter,
  dagCidOfDigest,
  rawCid,
  type Sha256,
  utf8,
} from '@effigy/core'
import type { Block } from './blocks.ts'

export interface ReferenceLink {
  readonly cid: Cid
  readonly name: string
  /** Cumulative bytes of the DAG, doubles counted. */
  readonly linkSize: number
  /** Bytes of content; for parts of files. */
  readonly size: number
}

const chunkBytes = 262_144
const linksPerNode = 174

/** The root's link and all blocks, of a file of `length` equal bytes. */
export function referenceFile(byte: number, length: number, sha256: Sha256): ReferenceLink {
  const whole = rawLink(new Uint8Array(Math.min(length, chunkBytes)).fill(byte), sha256)
  const rest = rawLink(new Uint8Array(length % chunkBytes).fill(byte), sha256)
  const full = Math.floor(length / chunkBytes)
  let level: ReferenceLink[] = Array.from({ length: full }, () => whole)
  if (length % chunkBytes > 0 || length === 0) level.push(rest)
  while (level.length > 1) {
    const above: ReferenceLink[] = []
    for (let at = 0; at < level.length; at += linksPerNode) {
      above.push(fileLink(level.slice(at, at + linksPerNode), sha256))
    }
    level = above
  }
  return level[0] ?? rest
}

export function rawLink(bytes: Uint8Array, sha256: Sha256): ReferenceLink {
  return { cid: rawCid(bytes, sha256), name: '', linkSize: bytes.length, size: bytes.length }
}

function fileLink(parts: readonly ReferenceLink[], sha256: Sha256): ReferenceLink {
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  const block = fileBlock(parts, { size }, sha256)
  const linkSize = parts.reduce((sum, part) => sum + part.linkSize, block.bytes.length)
  return { cid: block.cid, name: '', linkSize, size }
}

/** A file node; `size` and the parts' sizes are written as given, true or not. */
export function fileBlock(
  parts: readonly ReferenceLink[],
  claims: { readonly size: number },
  sha256: Sha256,
): Block {
  const sizes = parts.map((part) => concatBytes(Uint8Array.of(0x20), varint(part.size)))
  const data = concatBytes(Uint8Array.of(0x08, 2, 0x18), varint(claims.size), ...sizes)
  return dagBlock(parts, data, sha256)
}

/** A directory node; links are written in the order given. */
export function directoryBlock(links: readonly ReferenceLink[], sha256: Sha256): Block {
  return dagBlock(links, Uint8Array.of(0x08, 1), sha256)
}

/** A shard of fan-out 256 under murmur3-x64-64; link names carry their bucket. */
export function shardBlock(links: readonly ReferenceLink[], sha256: Sha256): Block {
  return dagBlock(links, Uint8Array.of(0x08, 5, 0x28, 0x22, 0x30, 0x80, 0x02), sha256)
}

export function dagBlock(links: readonly ReferenceLink[], data: Uint8Array, sha256: Sha256): Block {
  const encoded = links.map(({ cid, name, linkSize }) => {
    const link = concatBytes(
      field(0x0a, cidBytes(cid)),
      field(0x12, utf8(name)),
      Uint8Array.of(0x18),
      varint(linkSize),
    )
    return field(0x12, link)
  })
  const bytes = concatBytes(...encoded, field(0x0a, data))
  return { cid: dagCidOfDigest(sha256(bytes)), bytes }
}

function field(key: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(key), varint(bytes.length), bytes)
}

function varint(value: number): Uint8Array {
  const writer = createByteWriter(8)
  writer.varint(value)
  return writer.take()
}
