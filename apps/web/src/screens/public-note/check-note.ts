/**
 * What a hub gives to who has no account, believed only as far as it proves itself (spec W30 to W34).
 *
 *     items ─decode, signature, text by its hash▶ signed payloads ─asked for it?▶ note, answers, names
 *
 * @module
 */
import {
  type Comment,
  contentId,
  decodeEntry,
  entryCheck,
  type Identification,
  type Identity,
  type Payload,
  parseBase64url,
  parseRawCid,
  parseUtf8,
  type RawCid,
  readPayload,
  type SignedEntry,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'

export interface ReadPayload {
  readonly identity: Identity
  readonly content: RawCid
  readonly payload: Payload
}

export interface PublicNote extends ReadPayload {
  /** The oldest first. */
  readonly answers: readonly ReadPayload[]
  /** Newest profile of each of them, with where its picture is found; left out of whom nothing proves one. */
  readonly profiles: ReadonlyMap<Identity, Profile>
}

export interface Profile extends ReadPayload {
  readonly payload: Identification
}

/** As many as a hub gives. */
const maxItems = 160

/** Characters of one text in base64url: the largest detached block. */
const maxBodyLength = 360_000

interface Read extends ReadPayload {
  readonly signed: SignedEntry
}

/** Null: it is not what was asked for, or proves nothing. What else in it proves nothing is left out. */
export async function checkNote(
  value: unknown,
  asked: { readonly identity: Identity; readonly content: RawCid },
  crypto: Pick<Crypto, 'sha256' | 'verify'>,
): Promise<PublicNote | null> {
  const { items } = (value ?? {}) as { readonly items?: unknown }
  if (!Array.isArray(items) || items.length > maxItems) return null
  const decoded = items.map((item) => readItem(item, crypto)).filter((item) => item !== null)
  const isGood = await crypto.verify(decoded.map(({ signed }) => entryCheck(signed)))
  const read = decoded.filter((_item, at) => isGood[at] === true)
  const note = read.find((item) => isAsked(item, asked))
  if (note === undefined) return null
  const answers = read.filter(
    ({ payload }) => payload.type === 'comment' && isAnswerTo(payload, { ...asked, now: note.content }),
  )
  const people = new Set([note, ...answers].map(({ identity }) => identity))
  return {
    ...bare(note),
    answers: answers.map(bare),
    profiles: new Map(
      [...people].flatMap((identity) => {
        const profile = profileOf(identity, read)
        return profile === null ? [] : [[identity, profile] as const]
      }),
    ),
  }
}

const bare = ({ identity, content, payload }: Read): ReadPayload => ({ identity, content, payload })

function readItem(item: unknown, { sha256 }: Pick<Crypto, 'sha256'>): Read | null {
  const { entry, body } = (item ?? {}) as { readonly entry?: unknown; readonly body?: unknown }
  const bytes = typeof entry === 'string' && entry.length <= 21_000 ? parseBase64url(entry) : null
  const decoded = bytes === null ? null : decodeEntry(bytes, sha256)
  if (decoded?.ok !== true) return null
  const signed = decoded.value
  const { identity, payload } = signed.entry
  const detached = parseRawCid(payload)
  const text = detached === null ? payload : textOf(body)
  if (text === null || (detached !== null && contentId(text, sha256) !== detached)) return null
  const read = readPayload(text, { detached: detached !== null })
  if (!read.ok) return null
  return { signed, identity, content: contentId(payload, sha256), payload: read.value }
}

function textOf(body: unknown): string | null {
  const bytes = typeof body === 'string' && body.length <= maxBodyLength ? parseBase64url(body) : null
  return bytes === null ? null : parseUtf8(bytes)
}

const noteTypes: ReadonlySet<string> = new Set(['public_note', 'comment', 'image', 'media', 'collection'])

/** By that name now, or before it was edited. */
function isAsked(
  { identity, content, payload }: Read,
  asked: { readonly identity: Identity; readonly content: RawCid },
): boolean {
  if (identity !== asked.identity || !noteTypes.has(payload.type)) return false
  const was = payload.was ?? []
  return (
    content === asked.content ||
    was.some((name) => name.identity === asked.identity && name.content === asked.content)
  )
}

/** `content`: as it was asked for; `now`: as it is. */
function isAnswerTo(
  { target, thread }: Comment,
  { identity, content, now }: { readonly identity: Identity; readonly content: RawCid; readonly now: RawCid },
): boolean {
  return [target, thread].some(
    (name) => name?.identity === identity && (name.content === content || name.content === now),
  )
}

/** Their own, else that of a device which the account that they name has together with them. */
function profileOf(identity: Identity, read: readonly Read[]): Profile | null {
  const profiles = read.filter((item): item is Read & Profile => item.payload.type === 'identification')
  const own = profiles.find((profile) => profile.identity === identity)
  if (own !== undefined) return { ...bare(own), payload: own.payload }
  const account = read.find((item) => item.identity === identity)?.signed.entry.synod?.[0]
  const state = read.find((item) => item.identity === account && item.payload.type === 'synod')?.payload
  if (state?.type !== 'synod') return null
  const members = new Set(state.identities.map(([member]) => member))
  const found = members.has(identity) ? profiles.find((profile) => members.has(profile.identity)) : undefined
  return found === undefined ? null : { ...bare(found), payload: found.payload }
}
