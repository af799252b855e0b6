/**
 * An archive of a Mastodon server, opened: what was said, and the files that belong to it.
 *
 * @module
 */
import { err, ok, type Result } from '@effigy/core'
import { type Archive, type ArchiveFault, openArchive } from './archive/archive.ts'
import { maxOutboxBytes, mediaName, type Outbox, type Post, parseOutbox } from './outbox.ts'

export interface MastodonArchive extends Outbox {
  /** By the names that posts have for their files. */
  readonly archive: Archive
}

const outboxName = /(?:^|\/)outbox\.json$/

/** `no-outbox`: an archive, but not of a Mastodon server. Rejects with the signal's reason. */
export async function readMastodon(
  file: Blob,
  signal: AbortSignal,
): Promise<Result<MastodonArchive, ArchiveFault | { readonly code: 'no-outbox' }>> {
  const isWanted = (name: string): boolean => outboxName.test(name) || mediaName(name) !== null
  const opened = await openArchive(file, isWanted, signal)
  if (!opened.ok) return opened
  const { files, read } = opened.value
  const outbox = files.find(({ name }) => outboxName.test(name))
  if (outbox === undefined || outbox.size > maxOutboxBytes) return err({ code: 'no-outbox' })
  const text = await (await read(outbox.name, signal))?.text()
  const parsed = text === undefined ? null : parseOutbox(text)
  if (parsed === null) return err({ code: 'no-outbox' })
  const media = files.flatMap(({ name, size }) => {
    const known = mediaName(name)
    return known === null ? [] : [{ name: known, size, inArchive: name }]
  })
  const places = new Map(media.map(({ name, inArchive }) => [name, inArchive]))
  return ok({
    ...parsed,
    archive: {
      files: media.map(({ name, size }) => ({ name, size })),
      async read(name, until) {
        const place = places.get(name)
        return place === undefined ? null : read(place, until)
      },
    },
  })
}

export interface Chosen {
  readonly posts: readonly Post[]
  readonly files: number
  /** Of the files, as they are in the archive. */
  readonly bytes: number
}

/** Of some years, the first and the last included. Threads stay whole: each part of one goes with its beginning. */
export function choosePosts(
  { posts, archive }: MastodonArchive,
  { from, to, hasUnlisted }: { readonly from: number; readonly to: number; readonly hasUnlisted: boolean },
): Chosen {
  const taken = new Set<string>()
  const chosen = posts.filter((post) => {
    const year = new Date(post.at).getFullYear()
    const isIn =
      post.after === null
        ? year >= from && year <= to && (hasUnlisted || !post.isUnlisted)
        : taken.has(post.after)
    if (isIn) taken.add(post.id)
    return isIn
  })
  const sizes = new Map(archive.files.map(({ name, size }) => [name, size]))
  const names = new Set(chosen.flatMap(({ media }) => media.map(({ file }) => file)))
  const known = [...names].flatMap((name) => sizes.get(name) ?? [])
  return { posts: chosen, files: known.length, bytes: known.reduce((sum, size) => sum + size, 0) }
}

/** Ascending; empty: nothing was said. */
export function yearsOf({ posts }: Outbox): readonly number[] {
  return [...new Set(posts.map(({ at }) => new Date(at).getFullYear()))].sort((a, b) => a - b)
}
