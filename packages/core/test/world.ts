/**
 * Signers and small feeds for the tests of core, which has no crypto of its own.
 *
 * @module
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { type Entry, type SignedEntry, signEntry } from '../src/entry.ts'
import { chainPoint } from '../src/feed.ts'
import { type Identity, identityOfKey } from '../src/names.ts'
import type { Sha256, SignatureCheck, Signer } from '../src/ports.ts'

export const sha256: Sha256 = (bytes) => nobleSha256(bytes)

export interface Author {
  readonly identity: Identity
  readonly signer: Signer
}

/** The author whose seed is 32 times `byte`. */
export function author(byte: number): Author {
  const seed = new Uint8Array(32).fill(byte)
  const publicKey = ed25519.getPublicKey(seed)
  const signBytes = async (message: Uint8Array) => ed25519.sign(message, seed)
  return { identity: identityOfKey(publicKey), signer: { publicKey, signBytes } }
}

export function isValid(check: SignatureCheck): boolean {
  return ed25519.verify(check.signature, check.message, check.publicKey, { zip215: false })
}

/** A chain of `payloads`, one entry each; comparables 1000, 2000, … */
export async function chainOf(
  who: Author,
  payloads: readonly string[],
  change: Partial<Entry> = {},
): Promise<readonly SignedEntry[]> {
  const chain: SignedEntry[] = []
  for (const payload of payloads) {
    const below = chain.at(-1)
    const entry: Entry = {
      identity: who.identity,
      parent: below?.cid ?? null,
      length: chain.length + 1,
      comparable: (chain.length + 1) * 1000,
      synod: null,
      links: [],
      payload,
      ...change,
    }
    chain.push(await signEntry(entry, who.signer, sha256))
  }
  return chain
}

export function note(text: string): string {
  return JSON.stringify({ type: 'public_note', at: 1_700_000_000_000, text })
}

export const topOf = (chain: readonly SignedEntry[]) => chainPoint(chain.at(-1) as SignedEntry)
