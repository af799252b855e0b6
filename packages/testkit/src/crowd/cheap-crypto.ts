/**
 * A crypto port that costs next to nothing, for crowds: every length is right, every verdict is right among
 * those who play along, and nothing is secret.
 *
 *     sign     SHA-256 of secret and message, twice      verify   the same again, with the secret looked up
 *     agree    SHA-256 of both public keys               seal     the text as it is, and a keyed checksum
 *
 * Hashes are real, so names and chains are what they would be. One port for all peers of a world.
 *
 * @module
 */
import { compareBytes, concatBytes, equalBytes, type Sha256, type SignatureCheck } from '@effigy/core'
import type { AgreementKey, Crypto } from '@effigy/crypto'

const tagLength = 16

/** One port for all peers of a world: it takes for signed only what its own signers signed. */
export function createCheapCrypto(sha256: Sha256, randomBytes: Crypto['randomBytes']): Crypto {
  /** By public key. */
  const secrets = new Map<string, Uint8Array>()

  const signature = (secret: Uint8Array, message: Uint8Array): Uint8Array => {
    const half = sha256(concatBytes(secret, message))
    return concatBytes(half, half)
  }

  function isSigned({ publicKey, message, signature: given }: SignatureCheck): boolean {
    const secret = secrets.get(nameOf(publicKey))
    return secret !== undefined && equalBytes(signature(secret, message), given)
  }

  const derive: Crypto['hkdfSha256'] = (inputKey, salt, info, length) => {
    if (length > 32) throw new RangeError('at most one hash is derived here')
    return sha256(concatBytes(inputKey, salt, info)).subarray(0, length)
  }

  async function agreementKey(secret: Uint8Array): Promise<AgreementKey> {
    const publicKey = sha256(secret)
    return {
      publicKey,
      async agree(theirs) {
        const isFirst = compareBytes(publicKey, theirs) < 0
        return sha256(isFirst ? concatBytes(publicKey, theirs) : concatBytes(theirs, publicKey))
      },
    }
  }

  return {
    name: 'cheap',
    sha256,
    sha256Stream() {
      const pieces: Uint8Array[] = []
      return {
        update: (bytes) => void pieces.push(bytes.slice()),
        digest: () => sha256(concatBytes(...pieces)),
      }
    },
    hmacSha256: (key, bytes) => sha256(concatBytes(key, bytes)),
    hkdfSha256: derive,
    seal,
    open,
    sealX: seal,
    openX: open,
    isSoundKey: (publicKey) => publicKey.length === 32,
    verify: async (checks) => checks.map(isSigned),
    async signer(seed) {
      const publicKey = sha256(seed)
      secrets.set(nameOf(publicKey), seed)
      return { publicKey, signBytes: async (message) => signature(seed, message) }
    },
    agreementKey,
    randomBytes,
  }
}

const nameOf = (key: Uint8Array): string => String.fromCharCode(...key)

const seal: Crypto['seal'] = (key, nonce, _associated, plaintext) => {
  const sealed = new Uint8Array(plaintext.length + tagLength)
  sealed.set(plaintext)
  writeTag(sealed, checksum(key, nonce, plaintext, plaintext.length))
  return sealed
}

const open: Crypto['open'] = (key, nonce, _associated, sealed) => {
  const length = sealed.length - tagLength
  if (length < 0) return null
  const sum = checksum(key, nonce, sealed, length)
  for (let at = 0; at < 4; at++) if (sealed[length + at] !== ((sum >>> (8 * at)) & 0xff)) return null
  return sealed.slice(0, length)
}

function writeTag(sealed: Uint8Array, sum: number): void {
  for (let at = 0; at < 4; at++) sealed[sealed.length - tagLength + at] = sum >>> (8 * at)
}

/** FNV-1a over the key's beginning, the nonce and the text. */
function checksum(key: Uint8Array, nonce: Uint8Array, text: Uint8Array, length: number): number {
  let sum = 0x811c9dc5
  for (let at = 0; at < 8; at++) sum = Math.imul(sum ^ key[at]!, 0x01000193)
  for (let at = 0; at < nonce.length; at++) sum = Math.imul(sum ^ nonce[at]!, 0x01000193)
  for (let at = 0; at < length; at++) sum = Math.imul(sum ^ text[at]!, 0x01000193)
  return sum
}
