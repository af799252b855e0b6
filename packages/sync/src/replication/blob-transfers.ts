/**
 * Blocks on their way, shared by the sessions of one peer: who fetches which, and what a
 * broken transfer had brought already.
 *
 *     begin(cid) ─▶ add(bytes at offset) … ─▶ whole ─hash─▶ store      cut: the part stays for the next source
 *
 * @module
 */
import { type Cid, cidDigest, equalBytes, type Sha256 } from '@effigy/core'
import type { Clock } from '../clock.ts'
import { type Claims, createClaims } from './claims.ts'

export interface PartialBlock {
  readonly bytes: Uint8Array
  filled: number
  /** The session that fills it now: one at a time, or each would find the other's parts in the wrong place. */
  user: object | null
  /** Sessions that gave a part of it: only who gave all of it can be held to the hash. */
  readonly sources: Set<object>
}

export interface BlobTransfers {
  readonly claims: Claims<Cid>
  /** Blocks of all sessions that are checked and not written yet. */
  readonly unwritten: { blocks: number }
  /** Ms. */
  readonly monotonic: () => number
  /** What is here of a block, or null. */
  partial(cid: Cid): PartialBlock | null
  /** An empty one of `size` bytes in its place. */
  begin(cid: Cid, size: number, user?: object): PartialBlock
  drop(cid: Cid): void
}

/** Bytes of unfinished blocks that are kept; the oldest go first. */
const maxPartialBytes: number = 16 * 1024 * 1024

export function createBlobTransfers(clock: Pick<Clock, 'monotonic' | 'after'>): BlobTransfers {
  const partials = new Map<Cid, PartialBlock>()
  let heldBytes = 0

  function drop(cid: Cid): void {
    const partial = partials.get(cid)
    if (partial === undefined) return
    partials.delete(cid)
    heldBytes -= partial.bytes.length
  }

  return {
    claims: createClaims<Cid>(clock),
    unwritten: { blocks: 0 },
    monotonic: () => clock.monotonic(),
    partial: (cid) => partials.get(cid) ?? null,
    begin(cid, size, user) {
      drop(cid)
      const partial = {
        bytes: new Uint8Array(size),
        filled: 0,
        user: user ?? null,
        sources: new Set<object>(),
      }
      partials.set(cid, partial)
      heldBytes += size
      for (const oldest of partials.keys()) {
        if (heldBytes <= maxPartialBytes || oldest === cid) break
        drop(oldest)
      }
      return partial
    },
    drop,
  }
}

export function isWhole(cid: Cid, bytes: Uint8Array, sha256: Sha256): boolean {
  return equalBytes(sha256(bytes), cidDigest(cid))
}
