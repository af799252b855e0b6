/**
 * From what a person wrote to a draft for the writer.
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
  equalBytes,
  expectedLinks,
  hasClearFiles,
  type Identity,
  type JsonObject,
  type Link,
  maxDetachedBytes,
  mayDetach,
  mustEncrypt,
  type Payload,
  payloadBlobs,
  type RandomBytes,
  type RawCid,
  saltBytes,
  utf8,
  writePayload,
} from '@effigy/core'
import { type Crypto, maxBoxPayloadBytes, type SealAgeFault, sealAge, sealBox } from '@effigy/crypto'
import { type Store, uploadHold } from '@effigy/store'
import { uploadMs } from './directories.ts'
import type { PublishOptions } from './peer.ts'
import { notSealable } from './private-feed/sealable.ts'
import type { Draft } from './writer.ts'

/** Payload texts up to this live beside their entry and travel in its batch (R3); bytes. */
export const maxSmallBody: number = 16 * 1024

/** Sealed texts up to this stand in their entry; characters. */
const maxInlineSealed: number = 8 * 1024

/** Written for nobody but oneself, unless the author chooses otherwise. */
const privateTypes: ReadonlySet<string> = new Set(['block', 'mute', 'device_state'])

/** Detached unless asked otherwise: what people write, so that it can be erased from its entry. */
const detachedTypes: ReadonlySet<string> = new Set(['public_note', 'comment'])

export interface DraftDeps {
  readonly store: Store
  readonly crypto: Crypto
  readonly identity: Identity
  readonly random: RandomBytes
  /** Wall clock, ms. */
  readonly now: () => number
  /** Whether what is written now goes into a private feed: then nothing of it may lie in the clear outside its entry. */
  readonly isPrivate?: () => boolean
  /** X25519 public keys of own devices: the readers of what is private. */
  readonly readers: () => readonly Uint8Array[]
}

/** For whom a text is sealed, when it is not for oneself alone. */
export type Sealing =
  | {
      readonly type: 'age'
      readonly context: string
      /** X25519 public keys, 1 to 64; asked again until nobody was taken away while it was sealed (T21). */
      readonly recipients: () => readonly Uint8Array[]
    }
  | {
      readonly type: 'box'
      /** 16 bytes, base64url. */
      readonly conversation: string
      /** The content read key, 32 bytes. */
      readonly key: Uint8Array
    }

export interface DraftOptions extends PublishOptions {
  readonly seal?: Sealing
}

export interface Drafted {
  readonly draft: Draft
  readonly content: RawCid
  /** Roots that were held as uploads until now. */
  readonly uploads: readonly Cid[]
  /** The text as its author reads it, when the published one is encrypted. */
  readonly opened: string | null
}

/**
 * Checks, encrypts and detaches. Throws `EffigyError`: 'payload-invalid', 'payload-too-large', 'blob-absent', and
 * 'file-in-clear' where a private payload shows a file that everybody could read.
 */
export async function draftOf(payload: Payload, options: DraftOptions, deps: DraftDeps): Promise<Drafted> {
  const { seal = null } = options
  const isPrivate = deps.isPrivate?.() === true
  if (isPrivate && hasClearFiles(payload)) throw notSealable('clear-files')
  const encrypted = seal !== null || privateTypes.has(payload.type) || mustEncrypt(payload.type)
  if (encrypted) assertFilesSealed(payload)
  const detached =
    !encrypted &&
    !isPrivate &&
    mayDetach(payload.type, false) &&
    (options.detached ?? detachedTypes.has(payload.type))
  const plain = textOf(detached ? salted(payload, deps.random) : payload, { detached, encrypted })
  const text = !encrypted
    ? plain
    : seal?.type === 'box'
      ? boxed(plain, seal, deps)
      : await sealed(plain, seal, deps)
  const content = contentId(text, deps.crypto.sha256)
  // What is private needs its files too, which are ciphertexts. The detached block is put before them below.
  const roots = encrypted ? payloadBlobs(payload) : expectedLinks(text, payload)
  const links = options.links ?? roots.map((root) => linkTo(root, deps.store))
  const isOutside = detached || (encrypted && mayDetach(payload.type, true) && text.length > maxInlineSealed)
  const draft = isOutside ? detach(text, content, links, deps) : { payload: text, links, body: null }
  const isBlock = isOutside && draft.body === null
  return {
    draft: { ...draft, above: options.above ?? 0 },
    content,
    uploads: isBlock ? [content, ...roots] : roots,
    opened: encrypted ? plain : null,
  }
}

/** Throws 'file-in-clear': links are for everybody to see, and the files behind them for everybody to fetch (P6). */
export function assertFilesSealed(payload: Payload): void {
  if (!hasClearFiles(payload)) return
  const message =
    'A file of a private text has to be encrypted itself, or anybody could read it. Add it again as an encrypted one.'
  throw new EffigyError('file-in-clear', message)
}

function textOf(
  payload: Payload,
  place: { readonly detached: boolean; readonly encrypted: boolean },
): string {
  const written = writePayload(payload, place)
  if (written.ok) return written.value
  const { code, detail } = written.error
  const where = detail === '' ? '' : ` (${detail})`
  const message = `This ${payload.type} is not as its type demands: ${code}${where}. Change it and publish again.`
  throw new EffigyError('payload-invalid', message)
}

/** Random bytes, so that nobody can guess a detached text from its content id. */
function salted(payload: Payload, random: RandomBytes): Payload {
  return { ...payload, salt: encodeBase64url(random(saltBytes)) } as Payload
}

async function sealed(
  text: string,
  seal: Extract<Sealing, { readonly type: 'age' }> | null,
  { crypto, identity, readers }: DraftDeps,
): Promise<string> {
  const body = JSON.parse(text) as JsonObject
  const { context, recipients: asked } = seal ?? { context: 'state', recipients: readers }
  for (;;) {
    const recipients = asked()
    const note = await sealAge({ from: identity, context, body, recipients, crypto })
    if (!note.ok) throw sealingFault(note.error.code)
    // Who was revoked meanwhile reads nothing that is written from now on (T21).
    if (isSameKeys(recipients, asked())) return note.value
  }
}

function sealingFault(code: SealAgeFault['code']): EffigyError {
  switch (code) {
    // Readers are looked up without those to whom nothing can be sealed (X9).
    case 'bad-recipient':
    case 'no-recipients':
      return new EffigyError(
        'no-box-key',
        'There is nobody to seal this to. Name somebody whose keys are known here.',
      )
    case 'too-many-recipients':
    case 'too-large':
      return tooMuch()
  }
}

const tooMuch = (): EffigyError =>
  new EffigyError('payload-too-large', 'This is too much for one private entry. Split it into several.')

function boxed(
  payload: string,
  { conversation, key }: Extract<Sealing, { readonly type: 'box' }>,
  { crypto, identity }: DraftDeps,
): string {
  if (utf8(payload).length > maxBoxPayloadBytes) throw tooMuch()
  return sealBox({ author: identity, conversation, key, payload, crypto })
}

export function isSameKeys(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((key, at) => equalBytes(key, b[at] as Uint8Array))
}

function linkTo(root: Cid, store: Store): Link {
  const state = store.blobState(root)
  if (state.type !== 'complete') {
    throw new EffigyError(
      'blob-absent',
      `The file ${root} is not whole on this device. Add or fetch it first.`,
    )
  }
  return [root, state.bytes]
}

function detach(
  text: string,
  content: RawCid,
  links: Entry['links'],
  { store, now }: DraftDeps,
): Omit<Draft, 'above'> {
  const body = utf8(text)
  if (body.length > maxDetachedBytes) {
    const message = `A text has at most ${maxDetachedBytes / 1024} KiB, this one has ${Math.ceil(body.length / 1024)} KiB. Split it, or add it as a file.`
    throw new EffigyError('payload-too-large', message)
  }
  const all: Entry['links'] = [[content, body.length], ...links]
  if (body.length <= maxSmallBody) return { payload: content, links: all, body }
  // The block first, the entry second: a crash between leaves an unheld block, never a dangling entry. On the
  // medium, because the entry is acknowledged as durable and nobody else has the text.
  store.holdUntil(content, uploadHold, now() + uploadMs)
  store.putBlock(content, body)
  store.syncBlocks()
  return { payload: content, links: all, body: null }
}
