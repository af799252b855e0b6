/**
 * From what somebody has written to what is published: for everybody, for some, as an answer, or in place of what stood.
 *
 *     Writing ─▶ public_note │ comment │ private_note │ the same once more, edited, and the way back from it
 *
 * @module
 */
import type { Attachment, Identity, Mention, Payload, Reference } from '@effigy/core'
import { EffigyError } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import type { Item } from '@effigy/react'
import { demandNoSecret } from '../secret-guard/secret-in.ts'
import { type AttachedFile, sealedAs } from './attached.ts'
import type { Audience } from './audience.ts'
import { mentionsIn, tagsIn } from './note-text.ts'
import { asAttachments } from './use-attached.ts'

/** What is written: something new, an answer, or something else in place of what one wrote. */
export type About =
  | { readonly type: 'note' }
  | { readonly type: 'reply'; readonly item: Item }
  | { readonly type: 'edit'; readonly item: Item }

export interface Writing {
  readonly about: About
  readonly audience: Audience
  readonly text: string
  /** Content warning; empty: none. */
  readonly warning: string
  /** Everybody who was chosen; those whose name is still there are named. */
  readonly mentions: readonly Mention[]
  readonly files: readonly AttachedFile[]
  /** What else hangs on the note that is edited: quotes, albums. */
  readonly kept: readonly Attachment[]
  /** For notes that not everybody reads. */
  readonly isEncrypted: boolean
}

export type NotePayload = Extract<Payload, { readonly type: 'public_note' | 'private_note' | 'comment' }>

/** `talk`: the name of the conversation that something new is in, null where it stands elsewhere. */
export type Done =
  | { readonly type: 'sent'; readonly talk: string | null }
  /** `undo` edits once more, to what stood before; rejects with 'not-own-entry' where another device changed it since. */
  | { readonly type: 'edited'; readonly undo: () => Promise<void> }

/**
 * Resolves when it is durable on this device; it goes out by itself. Rejects as the peer does, and with 'secret-words',
 * 'secret-link'.
 */
export async function sendNote(peer: RemotePeer, writing: Writing, signal: AbortSignal): Promise<Done> {
  const { about, audience, isEncrypted } = writing
  const described = writing.files.map(({ alt }) => alt ?? '')
  await demandNoSecret(writing.text, writing.warning, ...described)
  const files: AttachedFile[] = []
  for (const file of writing.files) files.push(await sealedAs(peer, file, { isEncrypted, signal }))
  const content = contentOf(writing, files)
  if (about.type === 'edit') return edit(peer, about.item, content)
  return { type: 'sent', talk: await publish(peer, about, audience, content) }
}

async function edit(peer: RemotePeer, item: Item, content: Content): Promise<Done> {
  const payload = notePayload(item)
  if (payload === null) throw new EffigyError('not-editable', 'Only a note that is here can be edited.')
  const { was, salt, ...before } = payload
  // What was left out is not there any more.
  const { text, tags, mentions, attachments, cw, ...rest } = before
  const { cid } = await peer.edit(item.cid, { ...rest, ...content } as Payload)
  return {
    type: 'edited',
    async undo() {
      // What is sealed is edited by what it says.
      if (before.type === 'private_note') await peer.conversations.opened()
      await peer.edit(cid, before as Payload)
    },
  }
}

async function publish(
  peer: RemotePeer,
  about: Exclude<About, { readonly type: 'edit' }>,
  audience: Audience,
  content: Content,
): Promise<string | null> {
  const at = Date.now()
  if (about.type === 'reply') {
    await reply(peer, about.item, content, at)
    return null
  }
  switch (audience.type) {
    case 'all':
      await peer.publish({ type: 'public_note', at, ...content })
      return null
    case 'people':
      return (await peer.conversations.write(audience.to, content)).conversation
    case 'group':
      await peer.groups.post(audience.id, { type: 'private_note', at, ...content })
      return `g${audience.id}`
  }
}

async function reply(peer: RemotePeer, item: Item, content: Content, at: number): Promise<void> {
  const target = referenceTo(item)
  if (notePayload(item)?.type !== 'private_note') {
    await peer.publish({ type: 'comment', at, ...content, target, thread: threadOf(item) })
    return
  }
  // What was said to some is answered to the same.
  const readers = await peer.conversations.readers(item.identity, item.content)
  if (readers === null) throw new EffigyError('no-conversation', 'Nobody knows who reads this.')
  const to = new Set<Identity>([item.identity, ...readers.map(({ identity }) => identity)])
  await peer.conversations.write([...to], { ...content, target })
}

type Content = Pick<NotePayload, 'text' | 'tags' | 'mentions' | 'attachments' | 'cw'>

function contentOf(
  { text, warning, mentions: chosen, kept }: Writing,
  files: readonly AttachedFile[],
): Content {
  const said = text.trim()
  const tags = tagsIn(said)
  const mentions = mentionsIn(said, chosen)
  const attachments = [...asAttachments(files), ...kept]
  const cw = warning.trim()
  return {
    text: said,
    ...(tags.length === 0 ? {} : { tags }),
    ...(mentions.length === 0 ? {} : { mentions }),
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(cw === '' ? {} : { cw }),
  }
}

/** What a note says; null: it is none, or not to be read here. */
export function notePayload({ state }: Item): NotePayload | null {
  if (state.type !== 'shown') return null
  const { payload } = state
  const isNote =
    payload.type === 'public_note' || payload.type === 'private_note' || payload.type === 'comment'
  return isNote ? (payload as NotePayload) : null
}

function referenceTo({ identity, content, cid }: Item): Reference {
  return { identity, content, entry: cid, synod: null }
}

/** What the whole conversation hangs from; null when that is the target itself. */
function threadOf(item: Item): Reference | null {
  const payload = notePayload(item)
  return payload?.type === 'comment' ? (payload.thread ?? payload.target) : null
}
