/**
 * A feed store with views that only remember what they were told.
 *
 * @module
 */
import { createChanges } from '../src/changes.ts'
import type { FeedStoreOptions } from '../src/feeds/context.ts'
import { createFeedStore, type FeedTables } from '../src/feeds/feed-store.ts'
import type { ProjectedEntry, StoreChange } from '../src/index.ts'
import type { Sqlite } from '../src/sqlite.ts'
import { sha256 } from './feed-maker.ts'

export interface OpenFeeds extends Disposable {
  readonly feeds: FeedTables
  /** What views show now, by `entries.id`. Starts empty, also when the file is not. */
  readonly shown: ReadonlyMap<number, ProjectedEntry>
  readonly changes: readonly StoreChange[]
  readonly db: Sqlite
  readonly clock: { now: number }
}

/** Days that count: the clock goes on, and somebody is heard. */
export function passDays({ feeds, clock }: OpenFeeds, count: number): void {
  for (let day = 0; day < count; day++) {
    clock.now += 86_400_000
    feeds.countDay()
  }
}

export type OpenFeedsOptions = Pick<FeedStoreOptions, 'isProvenSynod' | 'block'>

export function openFeeds(db: Sqlite, options: OpenFeedsOptions = {}): OpenFeeds {
  const shown = new Map<number, ProjectedEntry>()
  const seen: StoreChange[] = []
  const clock = { now: 1_800_000_000_000 }
  const changes = createChanges(db)
  changes.watch((change) => seen.push(change))
  const feeds = createFeedStore(db, {
    ...options,
    sha256,
    now: () => clock.now,
    changes,
    projector: {
      show: (entry) => {
        shown.set(entry.id, entry)
      },
      hide: (id) => {
        shown.delete(id)
      },
    },
  })
  return { feeds, shown, changes: seen, db, clock, [Symbol.dispose]: () => db[Symbol.dispose]() }
}
