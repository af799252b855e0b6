/**
 * The blobs of a store: what is wanted, held, given and let go (spec B).
 *
 * @module
 */
import type { Cid, Identity, RawCid } from '@effigy/core'
import type { Progress } from './query-port.ts'

export interface BlobWant {
  readonly root: Cid
  /** The claimed total size, bytes. */
  readonly size: number
  /** Whose entry needs it: the first to ask. */
  readonly identity: Identity
  /** Somebody waits for it: fetched from anybody, whatever line it comes over. */
  readonly urgent?: boolean
  /** Only a part of it is wanted: up to `limit` blocks of that part that are not here. All of it when omitted. */
  readonly missing?: (limit: number) => readonly Cid[]
}

export type BlobState =
  | { readonly type: 'absent' }
  | { readonly type: 'partial'; readonly missing: number }
  | { readonly type: 'complete'; readonly bytes: number }
  /** A picture with metadata, or the like, or `taken-down`: never stored or served. */
  | { readonly type: 'refused'; readonly code: string }

export interface FeedFiles {
  readonly bytes: number
  /** Some were let go (B20). */
  readonly isLetGo: boolean
}

export interface BlobUsage {
  readonly blocks: number
  readonly bytes: number
  /** Held by entries, pins or leases. */
  readonly heldBytes: number
  readonly quotaBytes: number | null
}

export interface Damage {
  readonly kind: 'entry' | 'block' | 'body'
  readonly cid: Cid
  /** Who can be asked for it, when known. */
  readonly identity: Identity | null
}

/** What a copy of a store in use is made with (`copyMainFile` in `node.ts`): blocks by themselves, and holds counted anew. */
export interface Copying {
  /** Until disposed no block goes because nothing holds it any more. What is refused or damaged goes all the same. */
  keepBlocks(): Disposable
  /** Blocks that are here, by their row in the file: up to `limit` above `after`; new ones come last. */
  blocksAfter(
    after: number,
    limit: number,
  ): readonly { readonly row: number; readonly cid: Cid; readonly size: number }[]
  /** The row of the block that came last; 0: there is none. */
  lastRow(): number
  /** The blocks are not those that the main file knows: counts anew what is held, and takes nothing to be whole. */
  holdAnew(): void
}

export interface BlobStore {
  /** The bytes, the caller's own. */
  block(cid: Cid): Uint8Array | null
  hasBlock(cid: Cid): boolean
  blockSize(cid: Cid): number | null
  /** A block whose hash is checked. Throws `storage-full` over quota when nothing can be evicted. */
  putBlock(cid: Cid, bytes: Uint8Array): void
  putBlocks(blocks: Iterable<readonly [Cid, Uint8Array]>): void
  /**
   * As `putBlocks`, without waiting: all of them or none, on the medium when it resolves. The bytes are the caller's again
   * when the call returns. Null, or omitted, where the store cannot.
   */
  readonly writeBlocks?: ((blocks: readonly (readonly [RawCid, Uint8Array])[]) => Promise<void>) | null
  blobState(root: Cid): BlobState
  /** Called when the last block of a root is there: refuses pictures with metadata. */
  completeBlob(root: Cid): BlobState
  /** Roots that entries of watched feeds need and that are not complete, newest entries first. */
  wantedBlobs(limit: number): readonly BlobWant[]
  /** Blocks of a wanted root that are not here yet, nearest to the root first. */
  missingBlocks(root: Cid, limit: number): readonly Cid[]
  /** `reason` names the pin or the lease; a blob is kept while anything holds it. */
  hold(root: Cid, reason: string): void
  release(root: Cid, reason: string): void
  holders(root: Cid): readonly string[]
  /** Bytes of the files and texts that are wholly here because shown entries of a feed need them. A store without it does not count. */
  fileBytes?(feed: Identity): number
  /** The same of all feeds that have any. */
  filesByFeed?(): ReadonlyMap<Identity, FeedFiles>
  /** Bytes of all files that shown entries of a feed name, here or not, as they say. */
  linkedBytes?(feed: Identity): number
  /** Roots that are held for that reason, the first by name. */
  heldAs(reason: string, limit: number): Iterable<Cid>
  /** Roots that shown entries hold, newest first: what wants that come as MACs are compared with (R7). */
  heldRoots(limit: number): Iterable<Cid>
  /** Held roots whose DAG the block belongs to, as far as it is here: nearest first, the block itself included. */
  rootsAbove(cid: Cid): Iterable<Cid>
  setQuota(bytes: number | null): void
  blobUsage(): BlobUsage
  /** Deletes what nothing holds, the least recently used first. Gives bytes freed. */
  evict(bytes: number): number
  /** Held roots of which the bytes are to go until somebody asks for them (B20); those that are pinned stay. A store without it keeps all. */
  letGo?(roots: Iterable<Cid>): void
  /** Of these, what was let go is wanted again where a policy says so. */
  wantBack?(roots: Iterable<Cid>): void
  /** Reads every byte; what is damaged is named so that it can be fetched again. */
  check(options: {
    readonly signal: AbortSignal
    readonly onProgress?: (progress: Progress) => void
  }): Promise<readonly Damage[]>
}

/** Contents that whoever runs a store has taken down (V93): texts by their content ids, files by their roots. */
export interface TakeDowns {
  /**
   * Deletes what is here of it, and neither takes it in nor gives it out again. What stands inside of an entry stays in it, and
   * blocks that other roots need stay for these. Not inside a transaction.
   */
  add(content: Cid): void
  /** It is wanted again where a policy says so. False: it was not taken down. */
  remove(content: Cid): boolean
  has(content: Cid): boolean
}
