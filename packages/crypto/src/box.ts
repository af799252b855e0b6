/**
 * Boxes, for many messages (spec X3): payloads under a content read key of a conversation.
 *
 *     payload ⏎ zeros ─XChaCha20-Poly1305, a key for this message─▶ nonce ‖ tag ‖ ciphertext ─▶ `box:` base64url
 *                                                 └ HKDF(content read key, nonce) ─▶ message key, tag
 *
 * The tag finds the key among those that a reader has, commits to it (no box opens under two), and tells those who
 * have none of them nothing: not even which messages belong together.
 *
 * @module
 */
import {
  concatBytes,
  encodeBase64url,
  err,
  type Identity,
  ok,
  parseBase64url,
  parseUtf8,
  type Result,
  utf8,
  writeStrictJson,
} from '@effigy/core'
import { constantTimeEqual } from './constant-time.ts'
import type { Crypto } from './crypto.ts'
import { minPaddedLength, padText, unpadText } from './padme.ts'

export const boxPrefix = 'box:'

/** Characters of a whole text: what a detached payload may have. */
export const maxBoxLength: number = 256 * 1024

/** Bytes of the longest payload that fits `maxBoxLength`: 47 units of PADMÉ there, without the newline. */
export const maxBoxPayloadBytes: number = 47 * 4096 - 1

/** What `read_key` hands out of one generation: a key that opens boxes of a conversation. */
export interface BoxKey {
  /** 16 bytes in base64url. */
  readonly conversation: string
  /** From 1. */
  readonly generation: number
  /** 32 bytes. */
  readonly key: Uint8Array
}

export interface SealBoxOptions {
  /** Who writes: a box that is lifted into another feed does not open. */
  readonly author: Identity
  /** 16 bytes in base64url. */
  readonly conversation: string
  /** The content read key, 32 bytes. */
  readonly key: Uint8Array
  /** A payload's strict JSON text, at most `maxBoxPayloadBytes`. */
  readonly payload: string
  readonly crypto: Crypto
}

/**
 * 'no-key': sealed under none of the candidates; 'altered': the tag is that of a candidate, but it is not what that
 * author sealed for that conversation; 'content': what is inside is not padded as X3 says.
 */
export interface OpenBoxFault {
  readonly code: 'too-large' | 'encoding' | 'no-key' | 'altered' | 'content'
}

export interface OpenedBox<Key extends BoxKey> {
  /** A payload text, not read yet. */
  readonly payload: string
  /** The candidate that opened it: the first to try next time. */
  readonly key: Key
}

const info = utf8('effigy/box/1')
const nonceLength = 24
const tagLength = 16
const keyLength = 32

/** Bytes before the ciphertext. */
const headLength: number = nonceLength + tagLength

/** Bytes of the shortest box: everything is padded, and XChaCha20-Poly1305 adds a tag of its own. */
const minLength: number = headLength + minPaddedLength + 16

/** Seals a payload; throws a RangeError when it is longer than `maxBoxPayloadBytes`. */
export function sealBox({ author, conversation, key, payload, crypto }: SealBoxOptions): string {
  const text = utf8(payload)
  if (text.length > maxBoxPayloadBytes) {
    throw new RangeError(`a box holds at most ${maxBoxPayloadBytes} bytes, not ${text.length}`)
  }
  const nonce = crypto.randomBytes(nonceLength)
  const { messageKey, tag } = derive(key, nonce, crypto)
  const sealed = crypto.sealX(messageKey, nonce, associated(author, conversation), padText(text))
  return boxPrefix + encodeBase64url(concatBytes(nonce, tag, sealed))
}

/**
 * Opens a box of `author` with whichever of `candidates` it was sealed under: one HKDF each, so give the key that was
 * used last first, and bound their number. Never throws, whatever `text` is.
 */
export function openBox<Key extends BoxKey>(
  text: string,
  author: Identity,
  candidates: Iterable<Key>,
  crypto: Crypto,
): Result<OpenedBox<Key>, OpenBoxFault> {
  if (text.length > maxBoxLength) return err({ code: 'too-large' })
  const box = text.startsWith(boxPrefix) ? parseBase64url(text.slice(boxPrefix.length)) : null
  if (box === null || box.length < minLength) return err({ code: 'encoding' })
  const nonce = box.subarray(0, nonceLength)
  const tag = box.subarray(nonceLength, headLength)
  const sealed = box.subarray(headLength)

  let isKnown = false
  for (const candidate of candidates) {
    const derived = derive(candidate.key, nonce, crypto)
    if (!constantTimeEqual(derived.tag, tag)) continue
    // One key may have been handed out for two conversations: then the others are tried too.
    isKnown = true
    const plaintext = crypto.openX(
      derived.messageKey,
      nonce,
      associated(author, candidate.conversation),
      sealed,
    )
    if (plaintext === null) continue
    const unpadded = unpadText(plaintext)
    const payload = unpadded === null ? null : parseUtf8(unpadded)
    return payload === null ? err({ code: 'content' }) : ok({ payload, key: candidate })
  }
  return err({ code: isKnown ? 'altered' : 'no-key' })
}

function derive(
  key: Uint8Array,
  nonce: Uint8Array,
  crypto: Crypto,
): { readonly messageKey: Uint8Array; readonly tag: Uint8Array } {
  const both = crypto.hkdfSha256(key, nonce, info, keyLength + tagLength)
  return { messageKey: both.subarray(0, keyLength), tag: both.subarray(keyLength) }
}

function associated(author: Identity, conversation: string): Uint8Array {
  return utf8(`effigy/box/1\n${writeStrictJson({ author, conversation })}`)
}
