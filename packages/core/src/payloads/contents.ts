/**
 * What others need to know of a payload without knowing its type: the blobs it
 * needs, the words to find it by, its tags and whom it names (spec P6, P10).
 *
 * @module
 */
import type { Link } from '../entry.ts'
import { type Cid, parseRawCid } from '../names.ts'
import type { Mention } from './accounts.ts'
import type { Attachment } from './attachments.ts'
import type { ContentName } from './base-fields.ts'
import type { CollectionFile, ImageFile, MediaFile } from './files.ts'
import type { Payload } from './known.ts'
import type { Reference } from './references.ts'
import type { Comment } from './schemas/comment.ts'
import type { PrivateNote } from './schemas/private-note.ts'
import type { PublicNote } from './schemas/public-note.ts'

/** The roots of the blobs that a payload shows, each once, in the order of the text. Types unknown here have none. */
export function payloadBlobs(payload: Payload): readonly Cid[] {
  return [...new Set(blobsOf(payload))]
}

/**
 * Whether a payload shows a file that anybody can read who has its blob (X21): what has no `secret`, and collections and
 * posters, which can have none.
 */
export function hasClearFiles(payload: Payload): boolean {
  switch (payload.type) {
    case 'public_note':
    case 'private_note':
    case 'comment':
      return (payload.attachments ?? []).some(isClearAttachment)
    case 'image':
      return payload.secret === undefined
    case 'media':
      return isClearMedia(payload)
    case 'collection':
      return true
    default:
      return avatarsOf(payload).some(({ secret }) => secret === undefined)
  }
}

/** What an entry's `links` must begin with and hold: the detached block first, then the blobs. */
export function expectedLinks(payloadText: string, payload: Payload): readonly Cid[] {
  const block = parseRawCid(payloadText)
  return [...new Set([...(block === null ? [] : [block]), ...payloadBlobs(payload)])]
}

/** The blobs that an entry should have linked and did not: nobody fetches or keeps them for it. */
export function missingLinks(links: readonly Link[], expected: readonly Cid[]): readonly Cid[] {
  const linked = new Set<Cid>(links.map(([cid]) => cid))
  return expected.filter((cid) => !linked.has(cid))
}

/** The words that a full-text search finds this payload by, a line each; empty when it has none. */
export function searchableText(payload: Payload): string {
  return wordsOf(payload)
    .filter((words) => words !== undefined && words !== '')
    .join('\n')
}

/** The tags of a payload as typed, or the labels that it gives to another. */
export function payloadTags(payload: Payload): readonly string[] {
  switch (payload.type) {
    case 'public_note':
    case 'private_note':
    case 'comment':
    case 'image':
    case 'media':
    case 'collection':
      return payload.tags ?? []
    case 'tag':
      return payload.labels
    default:
      return []
  }
}

/** Whom a payload names in its text. */
export function payloadMentions(payload: Payload): readonly Mention[] {
  return isNote(payload) ? (payload.mentions ?? []) : []
}

/** The payloads that this one points at: its target, its thread, its quotes. */
export function payloadReferences(payload: Payload): readonly Reference[] {
  const quotes = isNote(payload)
    ? (payload.attachments ?? []).filter((item) => item.type === 'reference')
    : []
  switch (payload.type) {
    case 'comment':
      return payload.thread === null
        ? [payload.target, ...quotes]
        : [payload.target, payload.thread, ...quotes]
    case 'private_note':
      return payload.target === undefined ? quotes : [payload.target, ...quotes]
    case 'tag':
      return [payload.target]
    case 'report':
      return payload.reference === null ? [] : [payload.reference]
    default:
      return quotes
  }
}

/** The contents that this payload is an edited form of. */
export function payloadWas(payload: Payload): readonly ContentName[] {
  return payload.was ?? []
}

function blobsOf(payload: Payload): readonly Cid[] {
  switch (payload.type) {
    case 'public_note':
    case 'private_note':
    case 'comment':
      return (payload.attachments ?? []).flatMap(attachedBlobs)
    case 'image':
      return [payload.blob]
    case 'media':
      return mediaBlobs(payload)
    case 'collection':
      return [payload.root]
    default:
      return avatarsOf(payload).map(({ blob }) => blob)
  }
}

function avatarsOf(payload: Payload): readonly ImageFile[] {
  switch (payload.type) {
    case 'identification':
    case 'synod':
      return payload.avatar === null ? [] : [payload.avatar]
    case 'group': {
      const isNamed = payload.operation === 'create' || payload.operation === 'settings'
      return isNamed && payload.avatar !== null ? [payload.avatar] : []
    }
    default:
      return []
  }
}

function wordsOf(payload: Payload): readonly (string | undefined)[] {
  switch (payload.type) {
    case 'public_note':
    case 'private_note':
    case 'comment':
      return [
        payload.cw,
        payload.text,
        ...(payload.tags ?? []),
        ...(payload.attachments ?? []).flatMap(attachedWords),
      ]
    case 'image':
      return [...imageWords(payload), ...(payload.tags ?? [])]
    case 'media':
    case 'collection':
      return [...fileWords(payload), ...(payload.tags ?? [])]
    case 'identification':
    case 'synod':
      return [payload.name, payload.about]
    default:
      return []
  }
}

function attachedBlobs(attachment: Attachment): readonly Cid[] {
  switch (attachment.type) {
    case 'image':
      return [attachment.blob]
    case 'media':
      return mediaBlobs(attachment)
    case 'collection':
      return [attachment.root]
    default:
      return []
  }
}

function isClearAttachment(attachment: Attachment): boolean {
  switch (attachment.type) {
    case 'image':
      return attachment.secret === undefined
    case 'media':
      return isClearMedia(attachment)
    case 'collection':
      return true
    default:
      return false
  }
}

const isClearMedia = ({ secret, poster }: MediaFile): boolean => secret === undefined || poster !== undefined

function attachedWords(attachment: Attachment): readonly (string | undefined)[] {
  switch (attachment.type) {
    case 'image':
      return imageWords(attachment)
    case 'media':
    case 'collection':
      return fileWords(attachment)
    default:
      return []
  }
}

const mediaBlobs = ({ blob, poster }: MediaFile): readonly Cid[] =>
  poster === undefined ? [blob] : [blob, poster]
const imageWords = ({ alt }: ImageFile): readonly string[] => [alt]
const fileWords = ({ name, alt }: MediaFile | CollectionFile) => [name, alt]

function isNote(payload: Payload): payload is PublicNote | PrivateNote | Comment {
  return payload.type === 'public_note' || payload.type === 'private_note' || payload.type === 'comment'
}
