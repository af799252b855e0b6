/**
 * The contract's vectors, read from disk.
 *
 * @module
 */
import { ownVectors, sharedVectors } from '@effigy/testkit/node'
import type { ContractVectors } from './crypto-contract.ts'
import type { PublicVectors, SignatureVectors } from './vectors.ts'

export function readContractVectors(): ContractVectors {
  return {
    signatures: JSON.parse(ownVectors('ed25519.json')) as SignatureVectors,
    published: readPublicVectors(),
  }
}

function readPublicVectors(): PublicVectors | null {
  const read = <Name extends keyof PublicVectors>(file: string): PublicVectors[Name] | null => {
    const text = sharedVectors(`wycheproof/${file}_test.json`)
    return text === null ? null : (JSON.parse(text) as PublicVectors[Name])
  }
  const ed25519 = read<'ed25519'>('ed25519')
  const x25519 = read<'x25519'>('x25519')
  const chacha20Poly1305 = read<'chacha20Poly1305'>('chacha20_poly1305')
  const xchacha20Poly1305 = read<'xchacha20Poly1305'>('xchacha20_poly1305')
  if (ed25519 === null || x25519 === null || chacha20Poly1305 === null || xchacha20Poly1305 === null)
    return null
  return { ed25519, x25519, chacha20Poly1305, xchacha20Poly1305 }
}
