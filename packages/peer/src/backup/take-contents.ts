/**
 * What a backup holds, into a store (spec Z11): read keys, then feeds, each byte checked as a stranger's.
 *
 *     keys ─▶ store      archives ─importFeeds▶ store
 *
 * @module
 */
import { err, type Identity, ok, parseBase64url, type Result } from '@effigy/core'
import type { Progress, Store } from '@effigy/store'
import type { Backup } from './backup.ts'
import { type ImportDeps, type ImportedFeed, importFeeds } from './import-feeds.ts'
import type { ImportFault } from './read-archive.ts'

export interface TakeContentsDeps extends Omit<ImportDeps, 'open' | 'onProgress'> {
  /** In bytes of its archives. */
  readonly onProgress: (progress: Progress) => void
}

export interface TakenContents {
  readonly feeds: readonly ImportedFeed[]
  /** Those whose archives gave nothing of them. */
  readonly failed: readonly FailedFeed[]
}

export interface FailedFeed extends ImportFault {
  readonly identity: Identity
}

/**
 * Feeds that cannot be taken keep out no other; it is a fault where none can be. What was taken stands, and it can be taken
 * again. Throws what the backup throws, and the signal's reason.
 */
export async function takeContents(
  backup: Backup,
  { onProgress, ...deps }: TakeContentsDeps,
): Promise<Result<TakenContents, ImportFault>> {
  keepKeys(deps.store, backup)
  const total = backup.feeds.reduce((sum, { bytes }) => sum + bytes, 0)
  const imported: ImportedFeed[] = []
  const failed: FailedFeed[] = []
  let before = 0
  for (const feed of backup.feeds) {
    let told = 0
    const taken = await importFeeds({
      ...deps,
      open: () => backup.open(feed),
      // It goes over each archive more than once: a step back is none.
      onProgress({ done, total: entries }) {
        told = Math.max(told, entries === 0 ? 0 : Math.floor((feed.bytes * done) / (2 * entries)))
        onProgress({ done: before + told, total })
      },
    })
    const { identity } = feed
    if (!taken.ok) failed.push({ identity, ...taken.error })
    else {
      imported.push(...taken.value)
      // Its name is whoever's word who made the file.
      if (!taken.value.some((one) => one.identity === identity)) failed.push({ identity, ...ofAnother })
    }
    before += feed.bytes
    onProgress({ done: before, total })
  }
  const [first] = failed
  return first !== undefined && imported.length === 0 ? err(first) : ok({ feeds: imported, failed })
}

const ofAnother: ImportFault = { code: 'identity', detail: 'it holds another feed' }

/** Keys of one feed that are taken of a backup which anybody could have made: half of the room, so that the true ones stay. */
const maxStrangersKeys = 8

/**
 * Before the feeds: they open the sealed ones. A false key of a feed opens nothing, so it may take some of the room of that
 * feed; one of a conversation would be written under, so those of a stranger's making are left out: the words open them
 * again, out of the feeds.
 */
export function keepKeys(
  { feedKeys, contentKeys }: Pick<Store, 'feedKeys' | 'contentKeys'>,
  { keys: { feeds, content }, isAuthentic }: Pick<Backup, 'keys' | 'isAuthentic'>,
): void {
  for (const { feed, epoch, key: text } of [...feeds].sort((a, b) => b.epoch - a.epoch)) {
    const key = parseBase64url(text)
    if (key === null || (!isAuthentic && (feedKeys?.of(feed).length ?? 0) >= maxStrangersKeys)) continue
    feedKeys?.keep({ feed, epoch, key })
  }
  if (!isAuthentic) return
  for (const { giver, conversation, generation, key: text } of content) {
    const key = parseBase64url(text)
    if (key !== null) contentKeys?.add({ giver, conversation, generation, key })
  }
}
