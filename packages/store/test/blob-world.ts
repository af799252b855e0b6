/**
 * For tests: blobs over two real SQLite files, with feeds and entries made up.
 *
 * @module
 */
import {
  type Cid,
  cidDigest,
  type Identity,
  identityKey,
  identityOfKey,
  type Link,
  type RawCid,
  rawCid,
} from '@effigy/core'
import { type BlobDeps, type Blobs, createBlobs } from '../src/blobs/blobs.ts'
import { blockDatabase } from '../src/blobs/block-database.ts'
import { createRoom } from '../src/blobs/room.ts'
import type { BlobPolicy } from '../src/blobs/want-order.ts'
import { type Changes, createChanges } from '../src/changes.ts'
import { migrations } from '../src/schema.ts'
import type { Sqlite } from '../src/sqlite.ts'
import { medium, openSqlite } from './medium.ts'

export const { sha256 } = medium

export interface World extends Disposable {
  readonly main: Sqlite
  readonly blocks: Sqlite
  readonly changes: Changes
  readonly blobs: Blobs
  readonly clock: { now: number }
  readonly completed: Cid[]
  identity(feed: number): Identity
  setPolicy(feed: number, policy: BlobPolicy | null): void
  show(entry: number, feed: number, links: readonly Link[], options?: ShowOptions): void
  hide(entry: number): void
  /** Hidden, and its time is over. */
  drop(entry: number): void
}

export interface ShowOptions {
  readonly content?: RawCid
  /** A body in `bodies`, which the entry came with. */
  readonly body?: Uint8Array
  readonly isEncrypted?: boolean
}

/** In memory, or in the two files `main.sqlite` and `blocks.sqlite` of a directory. */
export function openWorld(directory: string | null, deps: Partial<BlobDeps> = {}): World {
  const path = (name: string) => (directory === null ? ':memory:' : `${directory}/${name}.sqlite`)
  const main = openSqlite(path('main'), { migrations })
  return worldOver(main, openSecond(main, path('blocks')), deps)
}

/** Over two files that are open, and are closed with it. */
export function worldOver(main: Sqlite, blocks: Sqlite, deps: Partial<BlobDeps> = {}): World {
  const changes = createChanges(main)
  const clock = { now: 1_700_000_000_000 }
  const completed: Cid[] = []
  const policies = new Map<number, BlobPolicy>()
  const bodies = new Map<RawCid, Uint8Array>()
  const blobs = createBlobs({
    main,
    blocks,
    changes,
    sha256,
    now: () => clock.now,
    bodyOf: (content) => bodies.get(content) ?? null,
    policyOf: (feed) => policies.get(feed) ?? null,
    pause: () => Promise.resolve(),
    onComplete: (root) => completed.push(root),
    createRoom,
    ...deps,
  })
  const identity = (feed: number) => identityOfKey(new Uint8Array(32).fill(feed))
  return {
    main,
    blocks,
    changes,
    blobs,
    clock,
    completed,
    identity,
    setPolicy(feed, policy) {
      changes.commit(() => {
        main.run(
          'insert or ignore into feeds (id, identity, first_seen) values (?, ?, 0)',
          feed,
          identityKey(identity(feed)),
        )
        if (policy === null) policies.delete(feed)
        else policies.set(feed, policy)
        blobs.policyChanged(feed)
      })
    },
    show(id, feed, links, options = {}) {
      const content = options.content ?? rawCid(new Uint8Array(id), sha256)
      changes.commit(() => {
        if (options.body !== undefined) {
          main.run('insert or replace into bodies (entry, bytes) values (?, ?)', id, options.body)
          bodies.set(content, options.body)
        }
        const cid = rawCid(new Uint8Array(id + 1), sha256)
        blobs.show({
          id,
          feed,
          identity: identity(feed),
          cid,
          cidDigest: cidDigest(cid),
          contentDigest: cidDigest(content),
          length: id,
          comparable: id,
          seen: clock.now,
          links,
          verified: true,
          type: 0,
          payload:
            options.body === undefined || options.isEncrypted === true ? null : { type: 'x-test', at: 0 },
        })
      })
    },
    hide(entry) {
      changes.commit(() => blobs.hide(entry))
    },
    drop(entry) {
      changes.commit(() => {
        blobs.hide(entry)
        blobs.drop(entry)
      })
    },
    [Symbol.dispose]() {
      blocks[Symbol.dispose]()
      main[Symbol.dispose]()
    },
  }
}

function openSecond(main: Sqlite, path: string): Sqlite {
  try {
    return openSqlite(path, blockDatabase)
  } catch (cause) {
    main[Symbol.dispose]()
    throw cause
  }
}

/** The bytes of a raw block that is its own root, and the link to it. */
export function rawBlob(
  text: string,
  length = 1000,
): { readonly cid: RawCid; readonly bytes: Uint8Array; readonly link: Link } {
  const bytes = new Uint8Array(length)
  bytes.set(new TextEncoder().encode(text).subarray(0, length))
  const cid = rawCid(bytes, sha256)
  return { cid, bytes, link: [cid, length] }
}
