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
  readonly store: Pick<Store, 'heldOfWatched' | 'blobUsage'>
  readonly members: () => number
  readonly feeds: () => number
  readonly sessions: () => number
  readonly maxMembers: number
  readonly clock: Clock
}

/** Counting goes through all feeds, ms apart: a crowd that reloads the page must not make it happen more often (T16). */
const freshMs = 1_000

/** Throws as the store does. */
export function createStateReader(sources: StateSources): () => HubState {
  const { store, members, feeds, sessions, maxMembers, clock } = sources
  const startedMs = clock.monotonic()
  let last: { readonly state: HubState; readonly atMs: number } | null = null

  function read(nowMs: number): HubState {
    const held = store.heldOfWatched?.() ?? { entries: 0, bytes: 0 }
    const usage = store.blobUsage()
    return {
      members: members(),
      maxMembers,
      feeds: feeds(),
      entries: held.entries,
      entryBytes: held.bytes,
      blobs: usage.blocks,
      blobBytes: usage.bytes,
      sessions: sessions(),
      uptimeMs: nowMs - startedMs,
    }
  }

  return () => {
    const nowMs = clock.monotonic()
    // From its end: one that takes long is not over age when it is done.
    if (last === null || nowMs - last.atMs >= freshMs) last = { state: read(nowMs), atMs: clock.monotonic() }
    return last.state
  }
}
