/**
 * age, for handing out (spec K6): keys, drops, backups, one-off notes.
 *
 *     {from, context, body} ⏎ zeros ─age, 1 2 4 … 64 unnamed X25519 recipients─▶ `age:` base64url
 *
 * The X25519 part of age's recipients goes through the crypto port, by age's own
 * interface for that: native speed, and secrets stay inside their `AgreementKey`.
 *
 * @module
 */
import {
  concatBytes,
  EffigyError,
  encodeBase64url,
  err,
  type Json,
  ok,
  parseBase64url,
  parseStrictJson,
  parseUtf8,
  type Result,
  utf8,
  writeStrictJson,
} from '@effigy/core'
import type { Identity, Recipient } from 'age-encryption'
import { loadAge } from '#later'
import type { AgreementKey, Crypto } from './crypto.ts'
import { padText, unpadText } from './padme.ts'

export const agePrefix = 'age:'

/** More readers take several entries. */
export const maxAgeRecipients = 64

/** Characters of a whole text: what a detached payload may have. */
export const maxAgeLength: number = 256 * 1024

export interface AgeNote {
  /** The identity of the author; the reader compares it with the entry's. */
  readonly from: string
  /** `note`, `read_key/<conversation>/<generation>`, `share`, `state`, `backup`. */
  readonly context: string
  readonly body: Json
}

export interface SealAgeOptions extends AgeNote {
  /** X25519 public keys, 32 bytes each. They come from peers: a bad one is a value. */
  readonly recipients: readonly Uint8Array[]
  readonly crypto: Crypto
}

/** `recipient` is the index of one that is no X25519 key, or of small order. */
export type SealAgeFault =
  | { readonly code: 'no-recipients' | 'too-many-recipients' | 'too-large' }
  | { readonly code: 'bad-recipient'; readonly recipient: number }

/**
 * 'age': not an age file, or altered; 'not-for-us': none of the keys opens it; 'content': what is inside is not as K6 says;
 * 'own-key': one of the keys cannot be used now, which says nothing of the text.
 */
export interface OpenAgeFault {
  readonly code:
    | 'too-large'
    | 'encoding'
    | 'too-many-recipients'
    | 'not-for-us'
    | 'age'
    | 'content'
    | 'own-key'
}

/** Seals a note; throws a TypeError when `body` is not strict JSON. */
export async function sealAge(options: SealAgeOptions): Promise<Result<string, SealAgeFault>> {
  const { from, context, body, recipients, crypto } = options
  if (recipients.length === 0) return err({ code: 'no-recipients' })
  if (recipients.length > maxAgeRecipients) return err({ code: 'too-many-recipients' })
  const json = utf8(writeStrictJson({ from, context, body }))
  if (json.length > maxAgeLength) return err({ code: 'too-large' })

  const { Encrypter } = await loadAge()
  const encrypter = new Encrypter()
  const probe = await crypto.agreementKey(crypto.randomBytes(32))
  for (const [index, recipient] of recipients.entries()) {
    if ((await probe.agree(recipient)) === null) return err({ code: 'bad-recipient', recipient: index })
  }
  for (const recipient of await padded(recipients, crypto)) {
    encrypter.addRecipient(ageRecipient(recipient, crypto))
  }
  const text = agePrefix + encodeBase64url(await encrypter.encrypt(padText(json)))
  return text.length > maxAgeLength ? err({ code: 'too-large' }) : ok(text)
}

/** Opens a note with whichever of `keys` it was sealed to. Never throws, whatever `text` is. */
export async function openAge(
  text: string,
  keys: readonly AgreementKey[],
  crypto: Crypto,
): Promise<Result<AgeNote, OpenAgeFault>> {
  if (text.length > maxAgeLength) return err({ code: 'too-large' })
  const file = text.startsWith(agePrefix) ? parseBase64url(text.slice(agePrefix.length)) : null
  if (file === null) return err({ code: 'encoding' })
  if (hasTooManyStanzas(file)) return err({ code: 'too-many-recipients' })

  const { Decrypter } = await loadAge()
  const decrypter = new Decrypter()
  let isOwnKeyAtFault = false
  for (const key of keys) {
    const identity = ageIdentity(key, crypto)
    // One that cannot be used now keeps no other from opening it.
    const unwrapFileKey: Identity['unwrapFileKey'] = async (stanzas) => {
      try {
        return await identity.unwrapFileKey(stanzas)
      } catch (error) {
        if (!(error instanceof EffigyError)) throw error
        isOwnKeyAtFault = true
        return null
      }
    }
    decrypter.addIdentity({ unwrapFileKey })
  }
  let plaintext: Uint8Array
  try {
    plaintext = await decrypter.decrypt(file)
  } catch (error) {
    // The library has no code for it; age.test.ts holds this message in place.
    const isForeign = error instanceof Error && error.message.startsWith('no identity matched')
    if (isForeign && isOwnKeyAtFault) return err({ code: 'own-key' })
    return err({ code: isForeign ? 'not-for-us' : 'age' })
  }
  return parseNote(plaintext)
}

/** The recipients and throw-away keys up to the next power of two, in no order that tells anything. */
async function padded(recipients: readonly Uint8Array[], crypto: Crypto): Promise<readonly Uint8Array[]> {
  const count = 2 ** Math.ceil(Math.log2(recipients.length))
  const all = [...recipients]
  while (all.length < count) all.push((await crypto.agreementKey(crypto.randomBytes(32))).publicKey)
  const order = crypto.randomBytes(4 * count)
  const weights = new DataView(order.buffer, order.byteOffset)
  return all
    .map((recipient, index) => ({ recipient, weight: weights.getUint32(4 * index) }))
    .sort((a, b) => a.weight - b.weight)
    .map(({ recipient }) => recipient)
}

const newline = 0x0a
const hyphen = 0x2d

/** Strict JSON has no raw newline, so the first one is its end. */
function parseNote(plaintext: Uint8Array): Result<AgeNote, OpenAgeFault> {
  const text = unpadText(plaintext)
  const json = text === null ? null : parseUtf8(text)
  const parsed = json === null ? null : parseStrictJson(json)
  if (!parsed?.ok) return err({ code: 'content' })
  const note = parsed.value
  if (typeof note !== 'object' || note === null || Object.keys(note).join() !== 'from,context,body') {
    return err({ code: 'content' })
  }
  const { from, context, body } = note as { from: Json; context: Json; body: Json }
  return typeof from === 'string' && typeof context === 'string'
    ? ok({ from, context, body })
    : err({ code: 'content' })
}

/**
 * Counts the header's lines that begin with a hyphen: `-> ` for a stanza, then one `---`.
 * Before anything is tried, since each stanza costs an X25519 operation a key.
 */
function hasTooManyStanzas(file: Uint8Array): boolean {
  let stanzas = 0
  for (let at = file.indexOf(newline); at >= 0; at = file.indexOf(newline, at + 1)) {
    if (file[at + 1] !== hyphen) continue
    if (file[at + 2] === hyphen) return false
    if (++stanzas > maxAgeRecipients) return true
  }
  return false
}

// ---- age's X25519 recipients (age-encryption.org/v1), over the port

const stanzaType = 'X25519'
const label = utf8('age-encryption.org/v1/X25519')
const zeroNonce = new Uint8Array(12)
const nothing = new Uint8Array(0)

/** File key of 16 bytes and its tag. */
const wrappedLength = 32

/** X25519 public key, 32 bytes; sound, as `agree` tells. */
export function ageRecipient(recipient: Uint8Array, crypto: Crypto): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const ephemeral = await crypto.agreementKey(crypto.randomBytes(32))
      const shared = await ephemeral.agree(recipient)
      if (shared === null) throw new TypeError('a recipient of small order')
      const key = crypto.hkdfSha256(shared, concatBytes(ephemeral.publicKey, recipient), label, 32)
      const body = crypto.seal(key, zeroNonce, nothing, fileKey)
      const { Stanza, base64nopad } = await loadAge()
      return [new Stanza([stanzaType, base64nopad.encode(ephemeral.publicKey)], body)]
    },
  }
}

/**
 * Opens stanzas for an X25519 key that need not leave its vault; for the `Decrypter` of the age library. Rejects with
 * `EffigyError` 'own-key' where that key cannot be used now.
 */
export function ageIdentity(own: AgreementKey, crypto: Crypto): Identity {
  return {
    async unwrapFileKey(stanzas) {
      const { base64nopad } = await loadAge()
      for (const { args, body } of stanzas) {
        if (args[0] !== stanzaType) continue
        const share = base64nopad.decode(args[1] ?? '')
        if (args.length !== 2 || share.length !== 32 || body.length !== wrappedLength) {
          throw new TypeError('a malformed X25519 stanza')
        }
        const shared = await own.agree(share).catch((cause: unknown) => {
          throw new EffigyError('own-key', 'A key of this device cannot be used now.', { cause })
        })
        if (shared === null) throw new TypeError('a share of small order')
        const key = crypto.hkdfSha256(shared, concatBytes(share, own.publicKey), label, 32)
        const fileKey = crypto.open(key, zeroNonce, nothing, body)
        if (fileKey !== null) return fileKey
      }
      return null
    },
  }
}
