/**
 * Publishes what somebody said elsewhere, oldest first, each once however often it is begun.
 *
 *     own notes here ─origin.url▶ what is there already        posts ─ the others ─▶ pictures cleaned, note published
 *
 * Each is durable before the next begins: who stops, or is stopped, goes on with those that are not there yet.
 *
 * @module
 */
import type { Attachment, Payload, Reference } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { ownIdentities } from '../../app/own-identities.ts'
import { addAttached } from '../../components/composer/attached.ts'
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
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void
}

type Page = Awaited<ReturnType<RemotePeer['query']['feedItems']>>

const pageLength = 500

/** Rejects as `publish` does, and with the signal's reason; what was published by then stays. */
export async function bringPosts(
  peer: RemotePeer,
  archive: Archive,
  posts: readonly Post[],
  { signal, onProgress }: BringOptions,
): Promise<Brought> {
  const here = await broughtBefore(peer, signal)
  const roots = new Map<string, Reference>()
  let [notes, known, lostFiles] = [0, 0, 0]
  for (const [done, post] of posts.entries()) {
    signal.throwIfAborted()
    onProgress({ done, total: posts.length })
    const target = post.after === null ? null : (here.get(post.after) ?? null)
    const root = post.after === null ? null : (roots.get(post.after) ?? target)
    const before = here.get(post.id)
    if (before !== undefined) {
      known++
      roots.set(post.id, root ?? before)
      continue
    }
    const files = await filesOf(peer, archive, post.media, signal)
    lostFiles += post.media.length - files.length
    if (post.text === '' && files.length === 0) continue
    const { cid, content } = await peer.publish(payloadOf(post, files, target, root))
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
  signal: AbortSignal,
): Promise<readonly Attachment[]> {
  const files: Attachment[] = []
  for (const { file, mime, alt } of media) {
    const blob = await archive.read(file, signal)
    if (blob === null) continue
    const source = new File([blob], file.split('/').at(-1) ?? '', { type: mime })
    try {
      const added = await addAttached(peer, source, {
        isEncrypted: false,
        asItIs: false,
        signal,
        onShare() {},
      })
      // What nobody can look into may say where it was taken.
      if (!added.isUnknown) files.push(...asAttachments([{ ...added.file, alt }]))
    } catch (reason) {
      signal.throwIfAborted()
      if (isFatal(reason)) throw reason
    }
  }
  return files
}

/** Not the file's fault. */
function isFatal(reason: unknown): boolean {
  const code = (reason as { readonly code?: unknown } | null)?.code
  return typeof code === 'string' && /^(storage|quota|closed|interrupted|port|not-open)/.test(code)
}
