/**
 * Publishes what somebody said elsewhere, oldest first, each once however often it is begun.
 *
 *     own notes here ─origin.url▶ what is there already        posts ─ the others ─▶ pictures cleaned, note published
 *
 * Each is durable before the next begins: who stops, or is stopped, goes on with those that are not there yet. One at a
 * time of an account in a browser: two would not see what the other is about to publish.
 *
 * @module
 */
import { type Attachment, EffigyError, type Identity, type Payload, type Reference } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { ownIdentities } from '../../app/own-identities.ts'
import { type AddOptions, addAttached, isFaultOfFile } from '../../components/composer/attached.ts'
import { asAttachments } from '../../components/composer/use-attached.ts'
import type { Archive } from './archive/archive.ts'
import type { Post, PostMedia } from './outbox.ts'

export interface Brought {
  /** Published now. */
  readonly notes: number
  /** Here before. */
  readonly known: number
  /** Files that are not in the archive, cannot be read, or cannot be cleaned. */
  readonly lostFiles: number
}

export interface BringOptions {
  readonly signal: AbortSignal
  /** The warning before files that were sensitive without one: a line of P10. */
  readonly sensitive: string
  /** Also while a large file goes in. */
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void
}

type Page = Awaited<ReturnType<RemotePeer['query']['feedItems']>>

const pageLength = 500

/**
 * Rejects as `addFile` and `publish` do, and with the signal's reason; what was published by then stays. Besides with `EffigyError`
 * 'bring-elsewhere': another tab is at it; 'own-feed-incomplete': of what an own device published not all is here, so nobody knows
 * what was brought already.
 */
export async function bringPosts(
  peer: RemotePeer,
  archive: Archive,
  posts: readonly Post[],
  options: BringOptions,
): Promise<Brought> {
  const account = await peer.account.show()
  const lock = `effigy-bring/${account?.root ?? peer.identity}`
  return navigator.locks.request(lock, { ifAvailable: true }, async (held) => {
    if (held === null) throw new EffigyError('bring-elsewhere', 'Another tab brings notes along.')
    for (const { identity } of account?.members ?? []) await demandWhole(peer, identity)
    return bring(peer, archive, posts, options)
  })
}

/** What a device that was revoked left may be gone for good: nobody waits for it. */
async function demandWhole(peer: RemotePeer, identity: Identity): Promise<void> {
  const feed = await peer.inspecting.feed(identity)
  if (feed === null || feed.head === null) return
  const [run] = feed.runs
  if (feed.runs.length === 1 && run?.first === 1 && run.last >= feed.head.length) return
  throw new EffigyError('own-feed-incomplete', 'Not all that an own device published is here.')
}

async function bring(
  peer: RemotePeer,
  archive: Archive,
  posts: readonly Post[],
  { signal, sensitive, onProgress }: BringOptions,
): Promise<Brought> {
  const { isPrivate } = await peer.privateFeed.status()
  const here = await broughtBefore(peer, signal)
  const roots = new Map<string, Reference>()
  let [notes, known, lostFiles] = [0, 0, 0]
  for (const [done, post] of posts.entries()) {
    signal.throwIfAborted()
    const tell = (): void => onProgress({ done, total: posts.length })
    tell()
    const target = post.after === null ? null : (here.get(post.after) ?? null)
    const root = post.after === null ? null : (roots.get(post.after) ?? target)
    const before = here.get(post.id)
    if (before !== undefined) {
      known++
      roots.set(post.id, root ?? before)
      continue
    }
    const files = await filesOf(peer, archive, post.media, { isEncrypted: isPrivate, signal, onShare: tell })
    lostFiles += post.media.length - files.length
    if (post.text === '' && files.length === 0) continue
    const { cid, content } = await peer.publish(
      payloadOf(warned(post, files, sensitive), files, target, root),
    )
    const reference = { identity: peer.identity, content, entry: cid, synod: null }
    here.set(post.id, reference)
    roots.set(post.id, root ?? reference)
    notes++
  }
  onProgress({ done: posts.length, total: posts.length })
  return { notes, known, lostFiles }
}

/** Where each stands, by the address at which it was said first. */
export async function broughtBefore(peer: RemotePeer, signal: AbortSignal): Promise<Map<string, Reference>> {
  const here = new Map<string, Reference>()
  for (const identity of await ownIdentities(peer)) {
    let after: Page['next'] = null
    do {
      signal.throwIfAborted()
      const page: Page = await peer.query.feedItems(identity, { limit: pageLength, after })
      for (const { state, cid, content, identity: author } of page.items) {
        const url = state.type === 'shown' ? originOf(state.payload) : null
        if (url !== null) here.set(url, { identity: author, content, entry: cid, synod: null })
      }
      after = page.next
    } while (after !== null)
  }
  return here
}

function originOf(payload: Payload): string | null {
  if (payload.type !== 'public_note' && payload.type !== 'comment') return null
  return (payload as { readonly origin?: { readonly url: string } }).origin?.url ?? null
}

function warned(post: Post, files: readonly Attachment[], sensitive: string): Post {
  const isBare = post.isSensitive && post.warning === '' && files.length > 0
  return isBare ? { ...post, warning: sensitive } : post
}

function payloadOf(
  { id, at, text, warning, tags, language }: Post,
  attachments: readonly Attachment[],
  target: Reference | null,
  root: Reference | null,
): Payload {
  const content = {
    at,
    text,
    ...(tags.length === 0 ? {} : { tags }),
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(warning === '' ? {} : { cw: warning }),
    ...(language === null ? {} : { language }),
    origin: { at, url: id },
  }
  if (target === null) return { type: 'public_note', ...content }
  const isRoot = root === null || root.content === target.content
  return { type: 'comment', ...content, target, thread: isRoot ? null : root }
}

async function filesOf(
  peer: RemotePeer,
  archive: Archive,
  media: readonly PostMedia[],
  options: Pick<AddOptions, 'isEncrypted' | 'signal' | 'onShare'>,
): Promise<readonly Attachment[]> {
  const files: Attachment[] = []
  for (const { file, mime, alt } of media) {
    options.onShare(0)
    const blob = await archive.read(file, options.signal)
    if (blob === null) continue
    const source = new File([blob], file.split('/').at(-1) ?? '', { type: mime })
    try {
      const added = await addAttached(peer, source, { ...options, asItIs: false })
      // What nobody can look into may say where it was taken.
      if (!added.isUnknown) files.push(...asAttachments([{ ...added.file, alt }]))
    } catch (reason) {
      // What may go well the next time stops here, or the note would stay without it.
      if (!isFaultOfFile(reason)) throw reason
    }
  }
  return files
}
