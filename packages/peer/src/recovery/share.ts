/**
 * One custodian's share, as its payload carries it (spec P17, Z21): signed by the device that split.
 *
 *     share 33 │ 49 ‖ signature 64 ─ recovery_share {account, set, threshold, count, share} ─age, `share`▶ custodian
 *
 * Inside a feed it is signed by being there; on its way to a new device it is not, so it carries a signature too.
 *
 * @module
 */
import {
  concatBytes,
  encodeBase64url,
  type Identity,
  identityKey,
  type JsonObject,
  parseBase64url,
  type RecoveryShare,
  type Root,
  readPayload,
  type SignatureCheck,
  type Signer,
  sign,
  signingMessage,
  utf8,
  writeStrictJson,
} from '@effigy/core'

/** One splitting: what its shares have in common. */
export interface ShareSet {
  /** base64url of 16 random bytes. */
  readonly set: string
  readonly threshold: number
  readonly count: number
}

/** A share in good form; whether its signature is right is another question. */
export interface Share extends ShareSet {
  /** Whose phrase it is a part of: the key in power when it was split, and the root that stays. */
  readonly account: { readonly identity: Identity; readonly root: Root }
  /** 33 or 49 bytes. A secret. */
  readonly share: Uint8Array
  /** 64 bytes, by the device that split. */
  readonly signature: Uint8Array
  /** The author's claim, ms. */
  readonly at: number
}

const signatureBytes = 64

/** Bytes of the check (splitting.ts): what a false secret passes by chance once in 2^128. */
export const checkBytes = 16

/** Bytes of a share: one more than the secret, its place on the curve. */
export const shareBytes = (entropyBytes: number): number => entropyBytes + checkBytes + 1

export async function shareSigned(share: Omit<Share, 'signature'>, signer: Signer): Promise<Share> {
  return { ...share, signature: await sign('share', claimOf(share), signer) }
}

export function sharePayload({ account, set, threshold, count, share, signature, at }: Share): RecoveryShare {
  return {
    type: 'recovery_share',
    at,
    account,
    set,
    threshold,
    count,
    share: encodeBase64url(concatBytes(share, signature)),
  }
}

/** Null when it is no share of an account. */
export function shareOf(payload: JsonObject): Share | null {
  const read = readPayload(writeStrictJson(payload), { detached: false, encrypted: true })
  if (!read.ok || read.value.type !== 'recovery_share') return null
  const { account, set, threshold, count, share, at } = read.value as RecoveryShare
  const bytes = parseBase64url(share)
  const length = (bytes?.length ?? 0) - signatureBytes
  if (bytes === null || account.root === null) return null
  if (length !== shareBytes(16) && length !== shareBytes(32)) return null
  return {
    account: { identity: account.identity, root: account.root },
    set,
    threshold,
    count,
    share: bytes.subarray(0, length),
    signature: bytes.subarray(length),
    at,
  }
}

/** To be valid by a device of the account. */
export function shareCheck(share: Share, by: Identity): SignatureCheck {
  return {
    publicKey: identityKey(by),
    message: signingMessage('share', utf8(writeStrictJson(claimOf(share)))),
    signature: share.signature,
  }
}

function claimOf({ account, set, threshold, count, share }: Omit<Share, 'signature'>): JsonObject {
  return { root: account.root, set, threshold, count, share: encodeBase64url(share) }
}
