/**
 * A passphrase as the one recipient of an age file (age-encryption.org/v1, scrypt; spec Z1).
 *
 *     passphrase, salt 16, 2^factor ─scrypt, r 8, p 1─▶ key ─▶ file key
 *
 * The work is handed in: it takes a second and 256 MiB, and each platform has its own way to do that.
 *
 * @module
 */
import { concatBytes, err, ok, type Result, utf8 } from '@effigy/core'
import type { Identity, Recipient } from 'age-encryption'
import { loadAge } from '#later'
import type { Crypto } from './crypto.ts'

/** scrypt (RFC 7914) with r 8, p 1 and N = 2^factor; gives 32 bytes. */
export type Scrypt = (password: Uint8Array, salt: Uint8Array, factor: number) => Promise<Uint8Array>

/** N = 262,144: 256 MiB, about a second; what Debian's `age` writes too. */
export const passphraseFactor = 18

/** A file may ask for no more: 2^20 are 1 GiB and some seconds. */
export const maxPassphraseFactor = 20

/** Characters (code points) of a new passphrase. */
export const minPassphraseLength = 8

/** Bytes of UTF-8. */
export const maxPassphraseBytes = 1024

export interface PassphraseFault {
  readonly code: 'passphrase-short' | 'passphrase-long'
}

export interface PassphrasePorts {
  readonly crypto: Pick<Crypto, 'seal' | 'open' | 'hkdfSha256' | 'hmacSha256' | 'randomBytes'>
  readonly scrypt: Scrypt
}

/** Whether it may be set; what opens a file may be any. */
export function checkPassphrase(typed: string): Result<null, PassphraseFault> {
  if (passphraseBytes(typed).length > maxPassphraseBytes) return err({ code: 'passphrase-long' })
  return [...typed.normalize('NFC')].length < minPassphraseLength
    ? err({ code: 'passphrase-short' })
    : ok(null)
}

/** NFC: keyboards and systems spell the same letters differently. */
function passphraseBytes(typed: string): Uint8Array {
  return utf8(typed.normalize('NFC'))
}

/** Thrown through age's library, which knows one failure only. */
export class HeaderFault extends Error {
  override readonly name = 'HeaderFault'
  readonly code: 'work-factor' | 'passphrase-wrong'

  constructor(code: HeaderFault['code']) {
    super(code)
    this.code = code
  }
}

const stanzaType = 'scrypt'
const label = utf8('age-encryption.org/v1/scrypt')
const zeroNonce = new Uint8Array(12)
const nothing = new Uint8Array(0)
const saltLength = 16

/** Whether that is what a header (of age, whole) asks for. */
export function isPassphraseHeader(header: Uint8Array): boolean {
  const at = header.indexOf(0x0a) + 1
  return firstWords.every((byte, index) => header[at + index] === byte)
}

const firstWords = utf8(`-> ${stanzaType} `)

/** `factor` is for tests; the library refuses it beside any other recipient, as age does. */
export function passphraseRecipient(
  passphrase: string,
  { crypto, scrypt }: PassphrasePorts,
  factor: number = passphraseFactor,
): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const salt = crypto.randomBytes(saltLength)
      const key = await scrypt(passphraseBytes(passphrase), concatBytes(label, salt), factor)
      const body = crypto.seal(key, zeroNonce, nothing, fileKey)
      const { Stanza, base64nopad } = await loadAge()
      return [new Stanza([stanzaType, base64nopad.encode(salt), String(factor)], body)]
    },
  }
}

/** Throws `HeaderFault`; TypeError when the stanza is not what age writes. */
export function passphraseIdentity(passphrase: string, { crypto, scrypt }: PassphrasePorts): Identity {
  return {
    async unwrapFileKey(stanzas) {
      const [stanza] = stanzas
      if (stanza?.args[0] !== stanzaType) return null
      const { base64nopad } = await loadAge()
      const [, saltText = '', factorText = ''] = stanza.args
      const salt = base64nopad.decode(saltText)
      const isWhole = stanzas.length === 1 && stanza.args.length === 3 && salt.length === saltLength
      if (!isWhole || stanza.body.length !== 32 || !/^[1-9]\d{0,8}$/.test(factorText)) {
        throw new TypeError('a malformed scrypt stanza')
      }
      const factor = Number(factorText)
      if (factor > maxPassphraseFactor) throw new HeaderFault('work-factor')
      const bytes = passphraseBytes(passphrase)
      // No passphrase of ours is longer; the work is done all the same.
      const password = bytes.length > maxPassphraseBytes ? bytes.subarray(0, maxPassphraseBytes + 1) : bytes
      const key = await scrypt(password, concatBytes(label, salt), factor)
      const fileKey = crypto.open(key, zeroNonce, nothing, stanza.body)
      if (fileKey === null) throw new HeaderFault('passphrase-wrong')
      return fileKey
    },
  }
}
