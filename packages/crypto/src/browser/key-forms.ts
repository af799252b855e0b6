/**
 * The two ways in which a browser holds a device's private keys (spec K10, K12).
 *
 *     WebCrypto passes the self-test ─▶ CryptoKey that nobody can read          'non-extractable'
 *     else ─▶ 32 bytes, under an AES key that nobody can read, and noble        'sealed': script could read them
 *
 * @module
 */
import { concatBytes, equalBytes, type Signer, utf8 } from '@effigy/core'
import type { AgreementKey, Crypto } from '../crypto.ts'
import {
  type Device,
  newAesKey,
  openBytes,
  type Place,
  type Sealed,
  sealBytes,
  unwrapKey,
  wrapKey,
} from './sealing.ts'
import type { HeldKeys, SealedKeys } from './vault-record.ts'
import {
  pkcs8,
  pkcs8Secret,
  privateUsages,
  type WebAlgorithm,
  webAgreementKey,
  webSigner,
} from './web-keys.ts'

/** `sealed`: script of the origin could read the device's keys. */
export type Protection = 'non-extractable' | 'sealed'

export interface NewKey<Held> {
  readonly held: Held
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

/** What of `Held` a platform has; wrapped, it is the same on all: pkcs8 under AES-GCM. */
export interface KeyForms<Held> {
  readonly protection: Protection
  /** `canWrap`: otherwise `wrap` may refuse it, for ever. */
  create(algorithm: WebAlgorithm, canWrap: boolean): Promise<NewKey<Held>>
  wrap(held: Held, algorithm: WebAlgorithm, by: CryptoKey, place: Place): Promise<Sealed>
  /** Such that nobody can wrap it again, where the platform has that. Null when it was altered, or `by` is another. */
  unwrap(sealed: Sealed, algorithm: WebAlgorithm, by: CryptoKey, place: Place): Promise<Held | null>
  /** As a plain vault has them. */
  store(sign: Held, agree: Held, accountKey: CryptoKey, device: Device): Promise<HeldKeys | SealedKeys>
  signer(held: Held, publicKey: Uint8Array): Promise<Signer>
  agreementKey(held: Held, publicKey: Uint8Array): Promise<AgreementKey>
}

/** What wraps and unwraps, in either form. */
export const wrappingUsages: readonly KeyUsage[] = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']
export const unwrappingUsages: readonly KeyUsage[] = ['decrypt', 'unwrapKey']

export function webForms(subtle: SubtleCrypto): KeyForms<CryptoKey> {
  return {
    protection: 'non-extractable',
    async create(algorithm, canWrap) {
      const usages: KeyUsage[] = algorithm === 'Ed25519' ? ['sign', 'verify'] : ['deriveBits']
      const pair = (await subtle.generateKey(algorithm, canWrap, usages)) as CryptoKeyPair
      if (pair.privateKey.extractable !== canWrap) throw new TypeError('not a key as it was asked for')
      const publicKey = new Uint8Array(await subtle.exportKey('raw', pair.publicKey))
      return { held: pair.privateKey, publicKey }
    },
    wrap: (held, _algorithm, by, place) => wrapKey(subtle, 'pkcs8', held, by, place),
    unwrap: (sealed, algorithm, by, place) =>
      unwrapKey(subtle, 'pkcs8', sealed, by, place, {
        algorithm,
        isExtractable: false,
        usages: privateUsages[algorithm],
      }),
    store: async (sign, agree, accountKey) => ({ type: 'held', sign, agree, accountKey }),
    signer: async (held, publicKey) => webSigner(subtle, held, publicKey),
    agreementKey: async (held, publicKey) => webAgreementKey(subtle, held, publicKey),
  }
}

export function sealedForms(
  subtle: SubtleCrypto,
  crypto: Pick<Crypto, 'signer' | 'agreementKey' | 'randomBytes'>,
): KeyForms<Uint8Array> {
  const wrap: KeyForms<Uint8Array>['wrap'] = async (held, algorithm, by, place) => {
    const bytes = pkcs8(algorithm, held)
    try {
      return await sealBytes(subtle, by, place, bytes)
    } finally {
      bytes.fill(0)
    }
  }
  return {
    protection: 'sealed',
    async create(algorithm) {
      const held = crypto.randomBytes(32)
      const { publicKey } = await (algorithm === 'Ed25519' ? crypto.signer(held) : crypto.agreementKey(held))
      return { held, publicKey }
    },
    wrap,
    async unwrap(sealed, algorithm, by, place) {
      const bytes = await openBytes(subtle, by, place, sealed)
      const secret = bytes === null ? null : pkcs8Secret(algorithm, bytes)?.slice()
      bytes?.fill(0)
      return secret ?? null
    },
    store: async (sign, agree, accountKey, device) => ({
      type: 'sealed',
      sign: await wrap(sign, 'Ed25519', accountKey, { ...device, role: 'sign' }),
      agree: await wrap(agree, 'X25519', accountKey, { ...device, role: 'agree' }),
      accountKey,
    }),
    signer: (held) => crypto.signer(held),
    agreementKey: (held) => crypto.agreementKey(held),
  }
}

/** Whether WebCrypto makes such keys, wraps and unwraps them, and our own code agrees with what they do (spec K2). */
export async function isProven(
  subtle: SubtleCrypto,
  forms: KeyForms<CryptoKey>,
  crypto: Crypto,
): Promise<boolean> {
  try {
    const by = await newAesKey(subtle, false, wrappingUsages)
    await forms.create('Ed25519', false)
    await forms.create('X25519', false)
    const made = await forms.create('Ed25519', true)
    const agreed = await forms.create('X25519', true)
    const device = { identity: made.publicKey, box: agreed.publicKey }
    const place = { ...device, role: 'sign' } as const
    const sign = await forms.unwrap(await forms.wrap(made.held, 'Ed25519', by, place), 'Ed25519', by, place)
    const agree = await forms.unwrap(await forms.wrap(agreed.held, 'X25519', by, place), 'X25519', by, place)
    if (sign === null || agree === null || sign.extractable || agree.extractable) return false
    const signer = await forms.signer(sign, device.identity)
    return await areTheirs(signer, await forms.agreementKey(agree, device.box), crypto)
  } catch {
    return false
  }
}

/** Whether private and public keys belong together, as the port's own verdicts tell. */
export async function areTheirs(signer: Signer, boxKey: AgreementKey, crypto: Crypto): Promise<boolean> {
  try {
    // Nothing that is signed anywhere begins so.
    const message = concatBytes(utf8('effigy/vault/1\nproof\n'), crypto.randomBytes(32))
    const signature = await signer.signBytes(message)
    const [isOurs] = await crypto.verify([{ publicKey: signer.publicKey, message, signature }])
    const probe = await crypto.agreementKey(crypto.randomBytes(32))
    const [theirs, ours] = [await probe.agree(boxKey.publicKey), await boxKey.agree(probe.publicKey)]
    const agrees = theirs !== null && ours !== null && equalBytes(theirs, ours)
    return isOurs === true && agrees
  } catch {
    return false
  }
}
