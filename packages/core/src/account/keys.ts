/**
 * The keys of an account and the two commitments that hold it together (spec D4 to D7).
 *
 *     seed ─▶ m/7423'/0'/n'  synod key n        (Ed25519, on the main device)
 *          ─▶ m/7423'/1'/0'  recovery key       (X25519, reads what was sealed to oneself)
 *          ─▶ m/7423'/2'/n'  move key n         (Ed25519, used once, kept nowhere)
 *
 *     next n = SHA-256(effigy/next/1 ‖ move key n)
 *     root   = SHA-256(effigy/account/1 ‖ synod key 0 ‖ next 0 ‖ recovery key)
 *
 * Device keys are not here: they never come from a phrase.
 *
 * @module
 */
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { encodeBase64url, parseBase64url } from '../base.ts'
import { concatBytes, utf8 } from '../bytes.ts'
import { type Identity, identityOfKey } from '../names.ts'
import type { Sha256 } from '../ports.ts'
import { deriveSecret } from './slip10.ts'

declare const brand: unique symbol

/** The name of an account for good: base64url of 32 bytes, 43 characters, canonical. */
export type Root = string & { readonly [brand]: 'root' }

/** A key pair of Ed25519 (`secret` is the RFC 8032 seed) or X25519; both halves 32 bytes. */
export interface DerivedKey {
  readonly secret: Uint8Array
  readonly publicKey: Uint8Array
}

/** What a synod state lists of key n: the same in every state of that key. Public. */
export interface AccountNames {
  readonly root: Root
  /** Synod key n. */
  readonly identity: Identity
  /** 32 bytes: commits to move key n. */
  readonly next: Uint8Array
  /** 32 bytes: X25519 public key. */
  readonly recovery: Uint8Array
}

const purpose = 7423
const branches = { synod: 0, recovery: 1, move: 2 } as const
const nextPrefix = utf8('effigy/next/1\n')
const accountPrefix = utf8('effigy/account/1\n')

/** Ed25519 key n of the synod: n counts the moves of the account, from 0. */
export function deriveSynodKey(seed: Uint8Array, n: number): DerivedKey {
  return ed25519Key(deriveSecret(seed, [purpose, branches.synod, n]).secret)
}

/** The X25519 key that every read key and note to oneself is sealed to. */
export function deriveRecoveryKey(seed: Uint8Array): DerivedKey {
  const { secret } = deriveSecret(seed, [purpose, branches.recovery, 0])
  return { secret, publicKey: x25519.getPublicKey(secret) }
}

/** The Ed25519 key that signs the move away from synod key n. Forget it after use. */
export function deriveMoveKey(seed: Uint8Array, n: number): DerivedKey {
  return ed25519Key(deriveSecret(seed, [purpose, branches.move, n]).secret)
}

/** The commitment to a move key's 32-byte *public* half, so that anyone can check a move against it (D5). */
export function nextOf(moveKey: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(concatBytes(nextPrefix, moveKey))
}

/** The account's name from the public keys of its beginning, 32 bytes each (D6). */
export function rootOf(key0: Uint8Array, next0: Uint8Array, recovery: Uint8Array, sha256: Sha256): Root {
  return encodeBase64url(sha256(concatBytes(accountPrefix, key0, next0, recovery))) as Root
}

/** The root, or null when `text` is not the canonical base64url of 32 bytes (D7). */
export function parseRoot(text: string): Root | null {
  return text.length === 43 && parseBase64url(text) !== null ? (text as Root) : null
}

/** The public names of the account under key n. */
export function accountNames(seed: Uint8Array, n: number, sha256: Sha256): AccountNames {
  const recovery = deriveRecoveryKey(seed).publicKey
  const next = (index: number) => nextOf(deriveMoveKey(seed, index).publicKey, sha256)
  return {
    root: rootOf(deriveSynodKey(seed, 0).publicKey, next(0), recovery, sha256),
    identity: identityOfKey(deriveSynodKey(seed, n).publicKey),
    next: next(n),
    recovery,
  }
}

function ed25519Key(secret: Uint8Array): DerivedKey {
  return { secret, publicKey: ed25519.getPublicKey(secret) }
}
