/**
 * Blocks: bytes named by their hash, and the port to wherever they are kept (spec B1-B2).
 *
 *     peer, file ─bytes▶ checkBlock ─▶ Blocks.put
 *
 * @module
 */
import { type Cid, cidDigest, equalBytes, isRawCid, parseCid, type Sha256 } from '@effigy/core'

/**
 * Where blocks are kept. Synchronous, as the store is. `put` trusts its caller: what comes from
 * outside passes `checkBlock` first. All three throw only when the medium fails.
 */
export interface Blocks {
  /** The block's bytes, or null when it is not here. Do not write to them. */
  get(cid: Cid): Uint8Array | null
  /** Keeps a copy of the bytes. A block that is already here stays as it is. */
  put(cid: Cid, bytes: Uint8Array): void
  has(cid: Cid): boolean
}

export interface Block {
  readonly cid: Cid
  readonly bytes: Uint8Array
}

/** The longest raw block, and the length of a file's chunks (B1). Bytes. */
export const maxRawBlockBytes: number = 256 * 1024

/**
 * The longest dag-pb block (B1). Bytes. A directory stays in one node up to 256 KiB of names and CIDs;
 * each of its at most 7,085 links adds up to 17 bytes of encoding: 382,593 bytes, rounded up.
 */
export const maxDagBlockBytes: number = 384 * 1024

/** Whether a block of that name may have that length (B1). */
export function isBlockLength(cid: Cid, length: number): boolean {
  return length <= (isRawCid(cid) ? maxRawBlockBytes : maxDagBlockBytes)
}

/** Whether `bytes` are the block that `cid` names, and within bounds (B2). Says nothing about their meaning. */
export function checkBlock(cid: string, bytes: Uint8Array, sha256: Sha256): boolean {
  const name = parseCid(cid)
  if (name === null || !isBlockLength(name, bytes.length)) return false
  return equalBytes(sha256(bytes), cidDigest(name))
}

/** Blocks in memory: for small work that need not last. */
export function createMemoryBlocks(): Blocks & { readonly size: number } {
  const blocks = new Map<Cid, Uint8Array>()
  return {
    get: (cid) => blocks.get(cid) ?? null,
    put: (cid, bytes) => {
      if (!blocks.has(cid)) blocks.set(cid, bytes.slice())
    },
    has: (cid) => blocks.has(cid),
    get size() {
      return blocks.size
    },
  }
}
