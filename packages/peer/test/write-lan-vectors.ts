/** Writes `spec/vectors/lan.json` anew: `node packages/peer/test/write-lan-vectors.ts`. */
import { writeFileSync } from 'node:fs'
import { encodeBase64url, identityOfKey } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { testSigner } from '@effigy/testkit'
import { neighbourTag } from '../src/neighbours/tag.ts'

const crypto = createNodeCrypto()
const nonces = [new Uint8Array(8), Uint8Array.from({ length: 8 }, (_, at) => at * 31)]
const vectors = []
for (const name of ['alice', 'bob']) {
  const identity = identityOfKey((await testSigner(name)).publicKey)
  for (const nonce of nonces) {
    vectors.push({ identity, nonce: encodeBase64url(nonce), t: neighbourTag(crypto, identity, nonce) })
  }
}
writeFileSync(
  new URL('../../../spec/vectors/lan.json', import.meta.url),
  `${JSON.stringify(vectors, null, 1)}\n`,
)
