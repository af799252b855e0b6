/**
 * From what a person wrote to a draft for the writer (DESIGN 2.2, 2.4, 2.5).
 *
 *     Payload ─salt, encrypt─▶ payload text ─detach─▶ Draft {payload, links, body} ─▶ Writer
 *
 * @module
 */
import {
  type Cid,
  contentId,
  EffigyError,
  type Entry,
  encodeBase64url,
  type Identity,
  type Json,
  type JsonObject,
  type Link,
  mayDetach,
  type Payload,
  payloadLinks,
  type RandomBytes,
  type RawCid,
  readPayload,
  utf8,
  writeStrictJson,
} from '@effigy/core'
import { type Crypto, sealAge } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { PublishOptions } from './peer.ts'
import type { Draft } from './writer.ts'

/** Payload texts up to this live beside their entry and travel in its batch (R3); bytes. */
export const maxSmallBody: number = 16 * 1024

/** One block: no detached payload is larger; bytes. */
export const maxDetachedBytes: number = 256 * 1024

/** Written for nobody but oneself, unless the author chooses otherwise (DESIGN 2.5). */
const privateTypes: ReadonlySet<string> = new Set(['block', 'mute', 'device_state'])

/** Detached unless asked otherwise: what people write, so that it can be erased from its entry. */
const detachedTypes: ReadonlySet<string> = new Set(['public_note', 'comment'])

export interface DraftDeps {
  readonly store: Store
  readonly crypto: Crypto
  readonly identity: Identity
  readonly random: RandomBytes
  /** X25519 public key of this device: the reader of what is private. */
  readonly boxKey: Uint8Array
}

export interface Drafted {
  readonly draft: Draft
  readonly content: RawCid
  /** The text as its author reads it, when the published one is encrypted. */
  readonly opened: string | null
}

/** Checks, encrypts and detaches. Throws `EffigyError`: 'payload-invalid', 'payload-too-large', 'blob-absent'. */
export async function draftOf(
  payload: Payload,
  options: PublishOptions & { readonly above?: number },
  deps: DraftDeps,
): Promise<Drafted> {
  const isPrivate = privateTypes.has(payload.type)
  const detached =
    !isPrivate && mayDetach(payload.type) && (options.detached ?? detachedTypes.has(payload.type))
  const plain = checkedText(detached ? salted(payload, deps.random) : payload)
  const text = isPrivate ? await sealedToSelf(plain, deps) : plain
  const content = contentId(text, deps.crypto.sha256)
  const needs = options.links ?? payloadLinks(payload).map((root) => linkTo(root, deps.store))
  const draft = detached ? detach(text, content, needs, deps.store) : inline(text, needs)
  return { draft: { ...draft, above: options.above ?? 0 }, content, opened: isPrivate ? plain : null }
}

/** The strict text of a payload that passes its own schema. */
function checkedText(payload: Payload): string {
  let text: string
  try {
    text = writeStrictJson(payload as unknown as Json)
  } catch (cause) {
    throw new EffigyError(
      'payload-invalid',
      'this cannot be written: only text, whole numbers, lists and objects',
      { cause },
    )
  }
  const read = readPayload(text)
  if (!read.ok) {
    throw new EffigyError(
      'payload-invalid',
      `this ${payload.type} is not as its type demands: ${read.error.code}`,
    )
  }
  return text
}

/** 16 random bytes, so that nobody can guess a detached text from its content id. */
function salted(payload: Payload, random: RandomBytes): Payload {
  return { ...payload, salt: encodeBase64url(random(16)) } as Payload
}

async function sealedToSelf(text: string, { crypto, identity, boxKey }: DraftDeps): Promise<string> {
  const body = JSON.parse(text) as JsonObject
  const sealed = await sealAge({ from: identity, context: 'state', body, recipients: [boxKey], crypto })
  if (!sealed.ok) throw new EffigyError('payload-too-large', 'this is too much for one private entry')
  return sealed.value
}

function linkTo(root: Cid, store: Store): Link {
  const state = store.blobState(root)
  if (state.type !== 'complete') {
    throw new EffigyError('blob-absent', `the file ${root} is not on this device: add it first`)
  }
  return [root, state.bytes]
}

function inline(payload: string, links: Entry['links']): Omit<Draft, 'above'> {
  return { payload, links, body: null }
}

function detach(text: string, content: RawCid, links: Entry['links'], store: Store): Omit<Draft, 'above'> {
  const body = utf8(text)
  if (body.length > maxDetachedBytes) {
    const message = `a note has at most ${maxDetachedBytes / 1024} KiB of text, this one ${Math.ceil(body.length / 1024)} KiB`
    throw new EffigyError('payload-too-large', message)
  }
  const all: Entry['links'] = [[content, body.length], ...links]
  if (body.length <= maxSmallBody) return { payload: content, links: all, body }
  // The block first, the entry second: a crash between leaves an unheld block, never a dangling entry.
  store.putBlock(content, body)
  return { payload: content, links: all, body: null }
}
