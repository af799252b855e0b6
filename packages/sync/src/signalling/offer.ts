/**
 * Sealing and opening offers (spec V14, V67, V68; T7): what goes through a hub and is acted on.
 *
 *     payload ─hash▶ {from, to, id, at, hash} ─sign▶ record ─age to the box key of `to`▶ sealed ─messageto▶ hub
 *     hub ─messagefrom▶ sealed ─▶ for us? of now? from its signer? what was signed? new? ─▶ payload
 *
 * A hub can drop one, and hand it on late or twice: late and again it is refused.
 *
 * @module
 */
import {
  decodeOffer,
  encodeBase64url,
  err,
  type Identity,
  type Json,
  type JsonObject,
  type Offer,
  offerCheck,
  offerId,
  ok,
  parseBase64url,
  parseStrictJson,
  parseUtf8,
  type RandomBytes,
  type Result,
  type Signer,
  signOffer,
  utf8,
  writeStrictJson,
} from '@effigy/core'
import { type AgreementKey, agePrefix, type Crypto, openAge, sealAge } from '@effigy/crypto'
import { maxSignalBytes } from '../limits.ts'
import type { OfferWindow } from './offer-window.ts'

/** K6: what the seal is for. */
const context = 'offer'

/** Of the payload as strict JSON, UTF-8. */
export const maxOfferBytes: number = 8 * 1024

/** Characters of a payload's type. */
export const maxOfferType = 64

export interface SealOfferFault {
  readonly code: 'invalid' | 'no-recipients' | 'too-many-recipients' | 'too-large' | 'bad-recipient'
}

export interface SealOfferPorts {
  readonly identity: Identity
  readonly signer: Signer
  readonly crypto: Crypto
  readonly random: RandomBytes
  /** The wall clock, ms. */
  readonly now: () => number
}

export interface SealedOffer {
  readonly id: string
  /** Of `messageto`. */
  readonly bytes: Uint8Array
}

/**
 * `boxKeys`: of the device `to`, X25519. `payload` has a `type` of 1 to 64 characters, else `invalid`, as where it is
 * no strict JSON; `too-large` above 8,192 bytes, or sealed above 16,384.
 */
export async function sealOffer(
  to: Identity,
  boxKeys: readonly Uint8Array[],
  payload: JsonObject,
  { identity, signer, crypto, random, now }: SealOfferPorts,
): Promise<Result<SealedOffer, SealOfferFault>> {
  const text = textOf(payload)
  if (text === null) return err({ code: 'invalid' })
  const bytes = utf8(text)
  if (bytes.length > maxOfferBytes) return err({ code: 'too-large' })
  const id = offerId(random(16))
  const hash = encodeBase64url(crypto.sha256(bytes))
  const offer: Offer = { from: identity, to, id, at: now(), hash }
  const record = parseUtf8(await signOffer(offer, signer)) ?? ''
  const sealed = await sealAge({
    from: identity,
    context,
    body: [record, text],
    recipients: boxKeys,
    crypto,
  })
  if (!sealed.ok) return err({ code: sealed.error.code })
  const file = parseBase64url(sealed.value.slice(agePrefix.length)) ?? new Uint8Array(0)
  if (file.length > maxSignalBytes) return err({ code: 'too-large' })
  return ok({ id, bytes: file })
}

export interface OpenedOffer {
  readonly offer: Offer
  readonly payload: JsonObject
}

/**
 * `not-for-us`: none of our keys opens it, or it was written for another device; `forged`: its seal or signature is
 * not that of its sender; `altered`: not what was signed; `late`, `early`: not of these 60 s; `seen`: here already;
 * `full`: more than is remembered came in these two minutes.
 */
export interface OpenOfferFault {
  readonly code:
    | 'too-large'
    | 'encoding'
    | 'version'
    | 'not-for-us'
    | 'forged'
    | 'altered'
    | 'late'
    | 'early'
    | 'seen'
    | 'full'
}

export interface OpenOfferPorts {
  /** This device. */
  readonly identity: Identity
  readonly keys: readonly AgreementKey[]
  readonly crypto: Crypto
  readonly window: OfferWindow
}

/** Never throws, whatever `bytes` are. Ok once for each offer. `from`: as the hub says; another one is `forged`. */
export async function openOffer(
  bytes: Uint8Array,
  from: Identity,
  { identity, keys, crypto, window }: OpenOfferPorts,
): Promise<Result<OpenedOffer, OpenOfferFault>> {
  if (bytes.length > maxSignalBytes) return err({ code: 'too-large' })
  const note = await openAge(agePrefix + encodeBase64url(bytes), keys, crypto)
  if (!note.ok) return err({ code: note.error.code === 'not-for-us' ? 'not-for-us' : 'encoding' })
  const parts = partsOf(note.value.body)
  if (note.value.context !== context || parts === null) return err({ code: 'encoding' })
  const decoded = decodeOffer(utf8(parts.record))
  if (!decoded.ok) return decoded
  const offer = decoded.value.claim
  // Who passes one on can seal it anew, but not sign it for its new receiver.
  if (offer.to !== identity) return err({ code: 'not-for-us' })
  if (offer.from !== note.value.from || offer.from !== from) return err({ code: 'forged' })
  const time = window.timeOf(offer.at)
  if (time !== 'new') return err({ code: time })
  const [isValid] = await crypto.verify([offerCheck(decoded.value)])
  if (isValid !== true) return err({ code: 'forged' })
  const text = utf8(parts.text)
  if (encodeBase64url(crypto.sha256(text)) !== offer.hash) return err({ code: 'altered' })
  const payload = text.length > maxOfferBytes ? null : payloadOf(parts.text)
  if (payload === null) return err({ code: 'encoding' })
  // Nothing is waited for from here on: of two copies one is new.
  const news = window.admit(offer.from, offer.id, offer.at)
  return news === 'new' ? ok({ offer, payload }) : err({ code: news })
}

function partsOf(body: Json): { readonly record: string; readonly text: string } | null {
  if (!Array.isArray(body) || body.length !== 2) return null
  const [record, text] = body as readonly Json[]
  return typeof record === 'string' && typeof text === 'string' ? { record, text } : null
}

function textOf(payload: JsonObject): string | null {
  try {
    const text = writeStrictJson(payload)
    return payloadOf(text) === null ? null : text
  } catch (cause) {
    if (cause instanceof TypeError) return null
    throw cause
  }
}

function payloadOf(text: string): JsonObject | null {
  const parsed = parseStrictJson(text)
  if (!parsed.ok) return null
  const { value } = parsed
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const payload = value as JsonObject
  const { type } = payload
  return typeof type === 'string' && type !== '' && type.length <= maxOfferType ? payload : null
}
