/**
 * The shapes of the vector files that the contract reads.
 *
 * @module
 */
import { hexToBytes } from '@noble/hashes/utils.js'

/** spec/vectors/ed25519.json */
export interface SignatureVectors {
  readonly cases: readonly {
    readonly name: string
    readonly publicKey: string
    readonly message: string
    readonly signature: string
    readonly valid: boolean
    readonly soundKey: boolean
  }[]
}

type Verdict = 'valid' | 'invalid' | 'acceptable'

interface Wycheproof<Group> {
  readonly testGroups: readonly Group[]
}

export type WycheproofEd25519 = Wycheproof<{
  readonly publicKey: { readonly pk: string }
  readonly tests: readonly {
    readonly tcId: number
    readonly comment: string
    readonly msg: string
    readonly sig: string
    readonly result: Verdict
  }[]
}>

export type WycheproofX25519 = Wycheproof<{
  readonly tests: readonly {
    readonly tcId: number
    readonly comment: string
    readonly public: string
    readonly private: string
    readonly shared: string
    readonly result: Verdict
  }[]
}>

export type WycheproofAead = Wycheproof<{
  /** Bits. */
  readonly ivSize: number
  readonly tests: readonly {
    readonly tcId: number
    readonly comment: string
    readonly key: string
    readonly iv: string
    readonly aad: string
    readonly msg: string
    readonly ct: string
    readonly tag: string
    readonly result: Verdict
  }[]
}>

/** The public files; null where they are not present. */
export interface PublicVectors {
  readonly ed25519: WycheproofEd25519
  readonly x25519: WycheproofX25519
  readonly chacha20Poly1305: WycheproofAead
  readonly xchacha20Poly1305: WycheproofAead
}

export const hex = hexToBytes
