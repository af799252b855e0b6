/**
 * The crypto port in a browser: WebCrypto for public-key work where it gives our
 * verdicts, noble for the rest (hashes and AEAD are synchronous here, and
 * WebCrypto is not).
 *
 *     WebCrypto ─self-test─▶ Ed25519? X25519? ─▶ Crypto ◀─ noble
 *
 * @module
 */
import { EffigyError, type Signer } from '@effigy/core'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { pkcs8, webAgreementKey, webSigner } from './browser/web-keys.ts'
import { createWebVerify } from './browser/web-verify.ts'
import type { Crypto } from './crypto.ts'
import { createNobleCrypto } from './noble.ts'
import { type SelfTestPart, selfTest } from './self-test.ts'

export {
  createEntryVerifier,
  type EntryVerifier,
  type EntryVerifierOptions,
} from './browser/entry-verifier.ts'
export type { Protection } from './browser/key-forms.ts'
export {
  openVaultDatabase,
  type VaultDatabase,
  type VaultDatabaseOptions,
  wipeVaultDatabase,
} from './browser/vault-database.ts'
export type { LockFault, LockName, LockSecret, PasskeySecret } from './browser/vault-locks.ts'
export type { NextDevice, PreparedDevice } from './browser/vault-renewal.ts'

type Signatures = Pick<Crypto, 'verify' | 'signer'>
type Agreement = Pick<Crypto, 'agreementKey'>

export interface BrowserCryptoOptions {
  /** The platform's when left out; null for none. */
  readonly subtle?: SubtleCrypto | null
}

const signatureParts: readonly SelfTestPart[] = ['verify', 'sign']

/**
 * The best that passes the self-test: `webcrypto`, `webcrypto and noble` or `noble`.
 * Throws `EffigyError` 'self-test' when not even noble does.
 */
export async function createBrowserCrypto({
  subtle = platformSubtle(),
}: BrowserCryptoOptions = {}): Promise<Crypto> {
  const noble = createNobleCrypto()
  if (subtle === null) return proven(noble)

  const signatures = webSignatures(subtle, noble.isSoundKey)
  const agreement = webAgreement(subtle)
  const whole: Crypto = { ...noble, ...signatures, ...agreement, name: 'webcrypto' }
  const { failed } = await selfTest(whole)
  if (failed.length === 0) return whole
  const hasSignatures = !failed.some((part) => signatureParts.includes(part))
  const hasAgreement = !failed.includes('agreement')
  if (!hasSignatures && !hasAgreement) return proven(noble)
  return proven({
    ...noble,
    ...(hasSignatures ? signatures : {}),
    ...(hasAgreement ? agreement : {}),
    name: 'webcrypto and noble',
  })
}

/** Not there on a page that is no secure context. */
function platformSubtle(): SubtleCrypto | null {
  return globalThis.crypto.subtle ?? null
}

async function proven(crypto: Crypto): Promise<Crypto> {
  const { failed } = await selfTest(crypto)
  if (failed.length === 0) return crypto
  throw new EffigyError('self-test', `${crypto.name} does not work as it must here: ${failed.join(', ')}`)
}

// ---- Ed25519

function webSignatures(subtle: SubtleCrypto, isSoundKey: Crypto['isSoundKey']): Signatures {
  async function signer(seed: Uint8Array): Promise<Signer> {
    const publicKey = ed25519.getPublicKey(seed)
    const key = await subtle.importKey('pkcs8', pkcs8('Ed25519', seed), 'Ed25519', false, ['sign'])
    return webSigner(subtle, key, publicKey)
  }

  return { verify: createWebVerify(subtle, isSoundKey), signer }
}

// ---- X25519

function webAgreement(subtle: SubtleCrypto): Agreement {
  return {
    async agreementKey(secret) {
      const publicKey = x25519.getPublicKey(secret)
      const key = await subtle.importKey('pkcs8', pkcs8('X25519', secret), 'X25519', false, ['deriveBits'])
      return webAgreementKey(subtle, key, publicKey)
    },
  }
}
