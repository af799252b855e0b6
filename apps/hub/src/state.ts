/**
 * What the hub tells about itself: counts, never names (T20).
 *
 *     store, members, sessions ─at most once a second▶ HubState ─▶ page
 *
 * @module
 */
import type { Store } from '@effigy/store'
import type { Clock } from '@effigy/sync'

export interface HubState {
  readonly members: number
  readonly maxMembers: number
  /** Kept up to date for members. */
  readonly feeds: number
  /** Held of those. */
  readonly entries: number
  readonly entryBytes: number
  /** Blocks of files. */
  readonly blobs: number
  readonly blobBytes: number
  /** Authenticated sessions. */
  readonly sessions: number
  readonly uptimeMs: number
}

export interface StateSources {
  readonly store: Pick<Store, 'feeds' | 'textBytesOfWatched' | 'blobUsage'>
  readonly members: () => number
  readonly feeds: () => number
  readonly sessions: () => number
  readonly maxMembers: number
  readonly clock: Clock
}

/** Counting goes through all feeds: a crowd that reloads the page must not make it happen more often (T16). */
const freshMs = 1_000

/** Throws as the store does. */
export function createStateReader(sources: StateSources): () => HubState {
  const { store, members, feeds, sessions, maxMembers, clock } = sources
  const startedMs = clock.monotonic()
  let last: { readonly state: HubState; readonly atMs: number } | null = null

  function read(nowMs: number): HubState {
    let entries = 0
    let entryBytes = store.textBytesOfWatched?.() ?? 0
    for (const feed of store.feeds({ watched: true })) {
      entries += feed.heldCount
      entryBytes += feed.heldBytes
    }
    const usage = store.blobUsage()
    return {
      members: members(),
      maxMembers,
      feeds: feeds(),
      entries,
      entryBytes,
      blobs: usage.blocks,
      blobBytes: usage.bytes,
      sessions: sessions(),
      uptimeMs: nowMs - startedMs,
    }
  }

  return () => {
    const nowMs = clock.monotonic()
    if (last === null || nowMs - last.atMs >= freshMs) last = { state: read(nowMs), atMs: nowMs }
    return last.state
  }
}
