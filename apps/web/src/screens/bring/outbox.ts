/**
 * What somebody said on a Mastodon server, from the `outbox.json` of their archive (ActivityStreams).
 *
 *     text ─parseOutbox▶ posts, oldest first, own threads together, and how many of what were left out
 *
 * Left out: what they passed on of others, what not everybody could read, and answers to others, which mean nothing alone.
 *
 * @module
 */
import { textOfHtml } from './html-text.ts'

export interface Post {
  /** Its address there: which one it is. */
  readonly id: string
  /** ms since 1970. */
  readonly at: number
  readonly text: string
  /** Content warning; empty: none. */
  readonly warning: string
  readonly tags: readonly string[]
  readonly language: string | null
  readonly media: readonly PostMedia[]
  /** What hangs on it is shown to who asks for it: its author may have said so without a warning in words. */
  readonly isSensitive: boolean
  /** The own post that it goes on from; null: none. */
  readonly after: string | null
  /** Everybody could read it, but it was on no public list. */
  readonly isUnlisted: boolean
}

export interface PostMedia {
  /** Name of its file in the archive. */
  readonly file: string
  readonly mime: string
  readonly alt: string
}

export interface LeftOut {
  readonly boosts: number
  readonly answers: number
  readonly restricted: number
  /** Polls, and what is no post that can be read. */
  readonly others: number
}

export interface Outbox {
  readonly posts: readonly Post[]
  readonly leftOut: LeftOut
}

export const maxOutboxBytes = 128 * 1024 * 1024
const maxItems = 500_000
const maxIdLength = 2_048
const maxMedia = 16
const maxTags = 32
const maxTagBytes = 96
const maxTextBytes = 131_072
const maxWarningBytes = 512
const maxAltBytes = 4_096

const everybody = new Set(['https://www.w3.org/ns/activitystreams#Public', 'as:Public', 'Public'])
const mediaFile = /(?:^|\/)(media_attachments\/[^\0]*)$/

/** Names of media in an archive, from where their folder begins: servers put other things before it. Null: it is none. */
export function mediaName(path: string): string | null {
  const name = mediaFile.exec(path)?.[1] ?? null
  return name === null || name.split('/').some((part) => part === '..' || part === '.') ? null : name
}

/** Null: it is no such file. `text`: at most `maxOutboxBytes`. */
export function parseOutbox(text: string): Outbox | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const items = fieldsOf(value)?.orderedItems
  if (!Array.isArray(items) || items.length > maxItems) return null
  const found = new Map<string, Post>()
  const answered = new Map<string, string>()
  let [boosts, answers, restricted, others] = [0, 0, 0, 0]
  for (const item of items) {
    const read = postOf(item)
    if (read === 'boost') boosts++
    else if (read === 'restricted') restricted++
    else if (read === null) others++
    else {
      found.set(read.post.id, read.post)
      if (read.answers !== null) answered.set(read.post.id, read.answers)
    }
  }
  const posts: Post[] = []
  for (const post of [...found.values()].sort((a, b) => a.at - b.at)) {
    const after = answered.get(post.id) ?? null
    if (isOwnThread(post.id, found, answered)) posts.push({ ...post, after })
    else answers++
  }
  return { posts: parentsFirst(posts), leftOut: { boosts, answers, restricted, others } }
}

/** Whether all that it goes on from is one's own, to the beginning. */
function isOwnThread(
  id: string,
  found: ReadonlyMap<string, Post>,
  answered: ReadonlyMap<string, string>,
): boolean {
  const seen = new Set<string>()
  for (let at: string | undefined = id; at !== undefined; at = answered.get(at)) {
    if (!found.has(at) || seen.has(at)) return false
    seen.add(at)
  }
  return true
}

/** A clock that was wrong puts no answer before what it answers. */
function parentsFirst(posts: readonly Post[]): readonly Post[] {
  const byId = new Map(posts.map((post) => [post.id, post]))
  const given = new Set<string>()
  const ordered: Post[] = []
  for (const post of posts) {
    const above: Post[] = []
    for (let at: Post | undefined = post; at !== undefined && !given.has(at.id); ) {
      given.add(at.id)
      above.push(at)
      at = at.after === null ? undefined : byId.get(at.after)
    }
    ordered.push(...above.reverse())
  }
  return ordered
}

type Read = { readonly post: Post; readonly answers: string | null } | 'boost' | 'restricted' | null

function postOf(item: unknown): Read {
  const activity = fieldsOf(item)
  if (activity?.type === 'Announce') return 'boost'
  const note = activity?.type === 'Create' ? fieldsOf(activity.object) : null
  if (note === null || note.type !== 'Note') return null
  const { id, content, published } = note
  const at = typeof published === 'string' ? Date.parse(published) : Number.NaN
  if (typeof id !== 'string' || !/^https?:\/\/[!-~]+$/.test(id) || id.length > maxIdLength) return null
  if (typeof content !== 'string' || !Number.isSafeInteger(at) || at < 0) return null
  const [isTo, isCopied] = [isForEverybody(note.to), isForEverybody(note.cc)]
  if (!isTo && !isCopied) return 'restricted'
  const text = cut(textOfHtml(content), maxTextBytes)
  const media = mediaOf(note.attachment)
  if (text === '' && media.length === 0) return null
  return {
    post: {
      id,
      at,
      text,
      warning: typeof note.summary === 'string' ? line(note.summary, maxWarningBytes) : '',
      tags: tagsOf(note.tag),
      language: languageOf(note.contentMap),
      media,
      isSensitive: note.sensitive === true,
      after: null,
      isUnlisted: !isTo,
    },
    answers: answeredBy(note.inReplyTo),
  }
}

/** What it goes on from; null: nothing. Whatever is no address is nothing that is here. */
function answeredBy(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : ''
}

function isForEverybody(value: unknown): boolean {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.some((each) => typeof each === 'string' && everybody.has(each))
}

function mediaOf(value: unknown): readonly PostMedia[] {
  const list: readonly unknown[] = Array.isArray(value) ? value.slice(0, maxMedia) : []
  return list.flatMap((each) => {
    const { url, mediaType, name } = fieldsOf(each) ?? {}
    const file = typeof url === 'string' ? mediaName(url) : null
    if (file === null || typeof mediaType !== 'string') return []
    return [{ file, mime: mediaType, alt: typeof name === 'string' ? cut(name.trim(), maxAltBytes) : '' }]
  })
}

function tagsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  const tags = list.flatMap((each) => {
    const { type, name } = fieldsOf(each) ?? {}
    if (type !== 'Hashtag' || typeof name !== 'string') return []
    const tag = line(name.replace(/^#/, ''), maxTagBytes)
    return tag === '' ? [] : [tag]
  })
  return [...new Set(tags)].slice(0, maxTags)
}

/** Of the one language that is named. */
function languageOf(value: unknown): string | null {
  const names = Object.keys(fieldsOf(value) ?? {})
  const [name] = names
  return names.length === 1 && name !== undefined && /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$/.test(name)
    ? name
    : null
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null
}

function line(text: string, maxBytes: number): string {
  return cut(text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim(), maxBytes)
}

/** The beginning of it that fits, in whole characters and with none that is half a one. */
function cut(text: string, maxBytes: number): string {
  const whole = text.toWellFormed()
  if (whole.length * 3 <= maxBytes) return whole
  const bytes = new Uint8Array(maxBytes)
  const { read } = new TextEncoder().encodeInto(whole, bytes)
  return whole.slice(0, read)
}
