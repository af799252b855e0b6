/**
 * age files of any length (age-encryption.org/v1): a header that the library writes and reads, and a payload in pieces
 * of 64 KiB over the crypto port, at native speed and with memory for one piece (spec Z2).
 *
 *     header ‖ nonce 16 ‖ ChaCha20-Poly1305 of 64 KiB, again and again, the last one marked
 *
 * @module
 */
import { concatBytes, createByteQueue, EffigyError, err, ok, type Result, utf8 } from '@effigy/core'
import type { Identity, Recipient } from 'age-encryption'
import { loadAge } from '#later'
import type { Crypto } from './crypto.ts'
import { HeaderFault } from './passphrase.ts'
import { sealedStreamBytes, segmentBytes, segmentNonce } from './stream.ts'

/** What opens the payload of a file: a secret. */
export interface AgeHeader {
  /** As they stand in the file. */
  readonly bytes: Uint8Array
  /** 16 bytes. */
  readonly fileKey: Uint8Array
}

export interface AgeHeaderFault {
  /** `age`: no header of age, or altered where that shows; `not-for-us`: to other recipients. */
  readonly code: 'age' | 'too-many-recipients' | 'not-for-us' | 'work-factor' | 'passphrase-wrong'
}

export const agePayloadNonceBytes = 16

/** Bytes of a header that is read; ours have at most 10 KiB. */
export const maxAgeHeaderBytes: number = 32 * 1024

const tagLength = 16
const maxRecipients = 64
const payloadLabel = utf8('payload')
const nothing = new Uint8Array(0)
const versionLine = utf8('age-encryption.org/v1\n')
const newline = 0x0a
const hyphen = 0x2d

/** A header with a new file key, for these recipients. */
export async function createAgeHeader(recipients: readonly Recipient[]): Promise<AgeHeader> {
  const { Encrypter } = await loadAge()
  const encrypter = new Encrypter()
  let fileKey: Uint8Array | null = null
  for (const recipient of recipients) {
    encrypter.addRecipient({
      wrapFileKey(key) {
        fileKey = key.slice()
        return recipient.wrapFileKey(key)
      },
    })
  }
  const file = await encrypter.encrypt(nothing)
  if (fileKey === null) throw new TypeError('a file needs a recipient')
  return { bytes: file.slice(0, file.length - agePayloadNonceBytes - tagLength), fileKey }
}

/** Where the header of a file ends. `start`: its first `maxAgeHeaderBytes`, or all of it. */
export function ageHeaderLength(start: Uint8Array): Result<number, AgeHeaderFault> {
  if (versionLine.some((byte, index) => start[index] !== byte)) return err({ code: 'age' })
  let stanzas = 0
  for (
    let at = start.indexOf(newline);
    at >= 0 && at < maxAgeHeaderBytes;
    at = start.indexOf(newline, at + 1)
  ) {
    if (start[at + 1] !== hyphen) continue
    if (start[at + 2] === hyphen) {
      const end = start.indexOf(newline, at + 1)
      return end < 0 || end >= maxAgeHeaderBytes ? err({ code: 'age' }) : ok(end + 1)
    }
    // Each costs an X25519 operation a key.
    if (++stanzas > maxRecipients) return err({ code: 'too-many-recipients' })
  }
  return err({ code: 'age' })
}

/** Opens a header, alone. Never throws for what stands in it; what scrypt throws, and that an own key fails, is passed on. */
export async function openAgeHeader(
  bytes: Uint8Array,
  identities: readonly Identity[],
): Promise<Result<AgeHeader, AgeHeaderFault>> {
  const { Decrypter } = await loadAge()
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  try {
    return ok({ bytes: bytes.slice(), fileKey: await decrypter.decryptHeader(bytes) })
  } catch (error) {
    if (error instanceof HeaderFault) return err({ code: error.code })
    // Of scrypt, or of the own key: no fault of the file.
    if (error instanceof EffigyError) throw error
    // The library has no code for it; age.test.ts holds this message in place.
    const isForeign = error instanceof Error && error.message.startsWith('no identity matched')
    return err({ code: isForeign ? 'not-for-us' : 'age' })
  }
}

/** The key of one payload. A new nonce makes it another: a header may stand before many payloads, one after the other. */
export function agePayloadKey(
  fileKey: Uint8Array,
  nonce: Uint8Array,
  crypto: Pick<Crypto, 'hkdfSha256'>,
): Uint8Array {
  return crypto.hkdfSha256(fileKey, nonce, payloadLabel, 32)
}

export function sealAgePiece(
  key: Uint8Array,
  index: number,
  isLast: boolean,
  plaintext: Uint8Array,
  crypto: Pick<Crypto, 'seal'>,
): Uint8Array {
  return crypto.seal(key, segmentNonce(index, isLast), nothing, plaintext)
}

/** Null when it was altered, or is another piece than that. */
export function openAgePiece(
  key: Uint8Array,
  index: number,
  isLast: boolean,
  sealed: Uint8Array,
  crypto: Pick<Crypto, 'open'>,
): Uint8Array | null {
  return crypto.open(key, segmentNonce(index, isLast), nothing, sealed)
}

/** A whole file, a piece at a time. Throws what `source` throws. */
export async function* sealAgeFile(
  header: AgeHeader,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  crypto: Pick<Crypto, 'seal' | 'hkdfSha256' | 'randomBytes'>,
): AsyncGenerator<Uint8Array, void> {
  const nonce = crypto.randomBytes(agePayloadNonceBytes)
  const key = agePayloadKey(header.fileKey, nonce, crypto)
  yield concatBytes(header.bytes, nonce)
  const queue = createByteQueue(source)
  try {
    let piece = await queue.take(segmentBytes)
    for (let index = 0; ; index++) {
      // Whether it is the last is known only when there is no more.
      const next = await queue.take(segmentBytes)
      yield sealAgePiece(key, index, next.length === 0, piece, crypto)
      if (next.length === 0) return
      piece = next
    }
  } finally {
    await queue.close()
  }
}

/** Length of a file whose plaintext has so many bytes. */
export function ageFileLength(header: AgeHeader, plaintextBytes: number): number {
  return header.bytes.length + agePayloadNonceBytes + sealedStreamBytes(plaintextBytes)
}
