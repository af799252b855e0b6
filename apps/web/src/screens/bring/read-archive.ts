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
  /** Of other years: they go on from what is of these. */
  readonly otherYears: number
  /** Left out because they were on no public list, and what hangs from them. */
  readonly unlisted: number
  readonly files: number
  /** Of the files, as they are in the archive. */
  readonly bytes: number
}

/**
 * Of some years, the first and the last included: each part of a thread goes with its beginning, whatever its year. What was on no
 * public list is left out unless it is asked for, and so is what hangs from it.
 */
export function choosePosts(
  { posts, archive }: MastodonArchive,
  { from, to, hasUnlisted }: { readonly from: number; readonly to: number; readonly hasUnlisted: boolean },
): Chosen {
  const isOfThese = ({ at }: Post): boolean => yearOf(at) >= from && yearOf(at) <= to
  const begunIn = threadsOf(posts, isOfThese)
  const chosen = hasUnlisted ? begunIn : threadsOf(begunIn, isOfThese, (post) => !post.isUnlisted)
  const sizes = new Map(archive.files.map(({ name, size }) => [name, size]))
  const names = new Set(chosen.flatMap(({ media }) => media.map(({ file }) => file)))
  const known = [...names].flatMap((name) => sizes.get(name) ?? [])
  return {
    posts: chosen,
    otherYears: chosen.filter((post) => !isOfThese(post)).length,
    unlisted: begunIn.length - chosen.length,
    files: known.length,
    bytes: known.reduce((sum, size) => sum + size, 0),
  }
}

/** Parts of threads stand behind what they go on from. */
function threadsOf(
  posts: readonly Post[],
  isBeginning: (post: Post) => boolean,
  isMeant: (post: Post) => boolean = () => true,
): readonly Post[] {
  const taken = new Set<string>()
  return posts.filter((post) => {
    const isIn = isMeant(post) && (post.after === null ? isBeginning(post) : taken.has(post.after))
    if (isIn) taken.add(post.id)
    return isIn
  })
}

const yearOf = (at: number): number => new Date(at).getFullYear()

/** Ascending; empty: nothing was said. */
export function yearsOf({ posts }: Outbox): readonly number[] {
  return [...new Set(posts.map(({ at }) => yearOf(at)))].sort((a, b) => a - b)
}
