/**
 * What to verify of an entry that was judged already, so that its JSON need not be read again (spec F8).
 *
 *     {"v":1,"identity":"did:key:z6Mk… ","parent": …}⏎ signature
 *                        └ public key ┘               └ 64 bytes ┘
 *
 * Of bytes that are no entry it is a check that fails.
 *
 * @module
 */
import { asciiText, parseBase64url } from './base.ts'
import { maxEntryBytes } from './entry.ts'
import { identityKey, parseIdentity } from './names.ts'
import type { SignatureCheck } from './ports.ts'
import { recordMessage, signatureTextLength, signingMessage } from './signing.ts'

/** Where the identity stands in every entry (E2): behind `{"v":1,"identity":"`. */
const identityAt = 19
const identityEnd = identityAt + 56

const none: Uint8Array = new Uint8Array(0)

export function judgedEntryCheck(bytes: Uint8Array): SignatureCheck {
  return { publicKey: keyOf(bytes), message: recordMessage('entry', bytes), signature: signatureOf(bytes) }
}

/**
 * The same for a thread that checks one entry after the other: the message of a check is in memory that the next
 * check takes over.
 */
export function createJudgedChecks(): (bytes: Uint8Array) => SignatureCheck {
  const prefix = signingMessage('entry', none)
  const memory = new Uint8Array(prefix.length + maxEntryBytes)
  memory.set(prefix)
  /** Entries of a feed follow each other. */
  const identity = new Uint8Array(identityEnd - identityAt)
  let publicKey: Uint8Array = none

  const isSameIdentity = (bytes: Uint8Array): boolean => {
    for (let index = 0; index < identity.length; index++) {
      if (bytes[identityAt + index] !== identity[index]) return false
    }
    return true
  }

  return (bytes) => {
    const textLength = bytes.length - signatureTextLength - 1
    if (textLength < identityEnd || bytes.length > maxEntryBytes) return judgedEntryCheck(bytes)
    if (!isSameIdentity(bytes)) {
      publicKey = keyOf(bytes)
      identity.set(bytes.subarray(identityAt, identityEnd))
    }
    memory.set(bytes, prefix.length)
    return {
      publicKey,
      message: memory.subarray(0, prefix.length + textLength),
      signature: signatureOf(bytes),
    }
  }
}

function keyOf(bytes: Uint8Array): Uint8Array {
  const identity = parseIdentity(asciiText(bytes.subarray(identityAt, identityEnd)))
  return identity === null ? none : identityKey(identity)
}

function signatureOf(bytes: Uint8Array): Uint8Array {
  return parseBase64url(asciiText(bytes.subarray(-signatureTextLength))) ?? none
}
