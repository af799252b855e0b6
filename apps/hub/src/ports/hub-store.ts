/**
 * What a hub keeps beside its entries: invites, aliases, settings of members, blocks, reports, credits.
 *
 *     bucket 'invites':   key ─▶ { value, revision, expiresMs }      get, put, delete, list, watch
 *
 * A port: the embedded driver is SQLite in the hub's own folder (`embedded-store.ts`); `hubStoreContract` in
 * `apps/hub/test` defines a correct one, and runs against NATS KV too (docs/decisions/0011-hub-ports.md).
 *
 * @module
 */
import type { Result } from '@effigy/core'

/** UTF-8 bytes of a value. A list of records stays below 16 MiB with it (`maxPage`). */
export const maxValueBytes: number = 64 * 1024
/** Records that one `list` gives. */
export const maxPage = 256
/** Changes that wait for a watcher; one more ends its watch with `behind`. */
export const maxUnseenChanges = 1024
/** Writes that wait for the medium; one more is refused with `busy`. */
export const maxUnwritten = 4096

export interface HubRecord {
  readonly key: string
  /** Any text, mostly JSON; what reads it checks it, as it may be of another version. */
  readonly value: string
  /** Grows with each write to the bucket, and is never given twice, so not after a deletion either. */
  readonly revision: number
  /** Wall time, ms since 1970, from which on the record is not there; null: it stays. */
  readonly expiresMs: number | null
}

/** `after`: the key before the first one wanted; `next` of the page before. */
export interface ListOptions {
  readonly prefix?: string
  readonly after?: string
  /** 1 to `maxPage`. */
  readonly limit: number
}

export interface HubPage {
  /** Ascending by the code units of their keys. */
  readonly records: readonly HubRecord[]
  /** Null: these were the last. */
  readonly next: string | null
}

export interface PutOptions {
  /** Written only over this revision; 0: only where nothing is. Over anything when omitted. */
  readonly revision?: number
  /** Never when omitted. */
  readonly expiresMs?: number
}

export type PutFailure =
  /** `revision`: of what is there; 0: nothing is. */
  | { readonly type: 'conflict'; readonly revision: number }
  | { readonly type: 'too-large'; readonly bytes: number }

export type DeleteFailure = Extract<PutFailure, { readonly type: 'conflict' }>

export type HubChange =
  | { readonly type: 'put'; readonly record: HubRecord }
  | { readonly type: 'deleted'; readonly key: string }
  /** Once: everything that was there has been told, what follows is new. */
  | { readonly type: 'caught-up' }

/**
 * Records by key. A write is on the medium when its promise is fulfilled, and seen by every later read of this process.
 *
 * An expired record is not there for `get`, `list` and `put`. It is erased later, and only then do watchers hear of it:
 * who mirrors a bucket looks at `expiresMs` too. The wall clock decides, so where it jumps ahead records are lost.
 *
 * Rejects with `EffigyError`: as SQLite does (`storage-full`, …), `unavailable` when the medium is elsewhere and
 * cannot be reached, `busy` above `maxUnwritten`, `closed` after disposal. A key or bucket that is none is a mistake
 * of the caller, and a `RangeError`: what a person typed goes through `isHubKey` first.
 */
export interface HubBucket {
  get(key: string): Promise<HubRecord | null>
  /** @returns the new revision. */
  put(key: string, value: string, options?: PutOptions): Promise<Result<number, PutFailure>>
  /** @returns whether it was there. `revision` as with `put`. */
  delete(key: string, options?: { readonly revision?: number }): Promise<Result<boolean, DeleteFailure>>
  /** A consistent page; what changes between two pages may or may not be in the second. */
  list(options: ListOptions): Promise<HubPage>
  /**
   * What is there, `caught-up`, and the changes from then on, in order; one that a later change of the same key has
   * replaced may be left out. Throws the signal's reason, and `EffigyError` 'behind' when the reader is too slow: watch
   * again.
   */
  watch(options: { readonly prefix?: string }, signal: AbortSignal): AsyncIterable<HubChange>
}

export interface HubStore extends AsyncDisposable {
  /** Buckets need no making; a name is 1 to 32 of a-z, 0-9 and `-`, a letter first. */
  bucket(name: string): HubBucket
}

/** 1 to 200 printable characters of ASCII, none of them a space. */
export function isHubKey(text: string): boolean {
  return /^[!-~]{1,200}$/.test(text)
}

export function isBucketName(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,31}$/.test(text)
}
