/**
 * The self-test that a backend passes at each start: one known
 * answer an operation, and the signatures that verifiers differ on (spec K1).
 *
 *     Crypto ─known answers─▶ SelfTestReport { failed: [] }
 *
 * @module
 */
import { equalBytes, utf8 } from '@effigy/core'
import { hexToBytes } from '@noble/hashes/utils.js'
import type { Crypto } from './crypto.ts'
import { signatureCases } from './self-test-signatures.ts'
import { passesSignatureCases } from './self-test-verify.ts'

export type SelfTestPart =
  | 'sha256'
  | 'hmac'
  | 'hkdf'
  | 'chacha20-poly1305'
  | 'xchacha20-poly1305'
  | 'sound-key'
  | 'verify'
  | 'sign'
  | 'agreement'
  | 'random'

export interface SelfTestReport {
  /** Of the backend. */
  readonly name: string
  /** Empty when the backend may be used. */
  readonly failed: readonly SelfTestPart[]
}

/** Runs every part; never throws: a part that throws has failed. */
export async function selfTest(crypto: Crypto): Promise<SelfTestReport> {
  const failed: SelfTestPart[] = []
  for (const [part, passes] of parts) {
    if (!(await passes(crypto).catch(() => false))) failed.push(part)
  }
  return { name: crypto.name, failed }
}

type Passes = (crypto: Crypto) => Promise<boolean>

const count = (length: number, from = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => from + index)
const isHex = (bytes: Uint8Array | null, hex: string): boolean =>
  bytes !== null && equalBytes(bytes, hexToBytes(hex))

const sunscreen = utf8(
  "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
)
const associated = hexToBytes('50515253c0c1c2c3c4c5c6c7')

const parts: ReadonlyMap<SelfTestPart, Passes> = new Map<SelfTestPart, Passes>([
  [
    'sha256',
    async ({ sha256, sha256Stream }) => {
      const stream = sha256Stream()
      for (const piece of ['a', '', 'bc']) stream.update(utf8(piece))
      return (
        isHex(stream.digest(), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad') &&
        isHex(sha256(utf8('abc')), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad') &&
        isHex(sha256(new Uint8Array(0)), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
      )
    },
  ],
  [
    'hmac', // RFC 4231, test cases 2 and 6 (a key longer than a block)
    async ({ hmacSha256 }) =>
      isHex(
        hmacSha256(utf8('Jefe'), utf8('what do ya want for nothing?')),
        '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
      ) &&
      isHex(
        hmacSha256(
          new Uint8Array(131).fill(0xaa),
          utf8('Test Using Larger Than Block-Size Key - Hash Key First'),
        ),
        '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
      ),
  ],
  [
    'hkdf', // RFC 5869, test case 1
    async ({ hkdfSha256 }) =>
      isHex(
        hkdfSha256(new Uint8Array(22).fill(0x0b), count(13), count(10, 0xf0), 42),
        '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
      ),
  ],
  [
    'chacha20-poly1305', // RFC 8439, 2.8.2
    async ({ seal, open }) =>
      isSealing(
        seal,
        open,
        hexToBytes('070000004041424344454647'),
        'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691',
      ),
  ],
  [
    'xchacha20-poly1305', // draft-irtf-cfrg-xchacha-03, A.3.1
    async ({ sealX, openX }) =>
      isSealing(
        sealX,
        openX,
        count(24, 0x40),
        'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49',
      ),
  ],
  [
    'sound-key',
    async ({ isSoundKey }) =>
      signatureCases.every(([, soundKey, publicKey]) => isSoundKey(hexToBytes(publicKey)) === soundKey),
  ],
  ['verify', ({ verify }) => passesSignatureCases(verify)],
  [
    'sign', // RFC 8032, 7.1, test 2
    async (crypto) => {
      const signer = await crypto.signer(
        hexToBytes('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'),
      )
      return (
        isHex(signer.publicKey, '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c') &&
        isHex(
          await signer.signBytes(Uint8Array.of(0x72)),
          '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
        )
      )
    },
  ],
  [
    'agreement', // RFC 7748, 6.1; then a point of small order, which must give nothing
    async (crypto) => {
      const bob = await crypto.agreementKey(
        hexToBytes('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'),
      )
      return (
        isHex(bob.publicKey, 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f') &&
        isHex(
          await bob.agree(hexToBytes('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a')),
          '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742',
        ) &&
        (await bob.agree(new Uint8Array(32))) === null &&
        (await bob.agree(new Uint8Array(31))) === null
      )
    },
  ],
  [
    'random',
    async ({ randomBytes }) => {
      const long = randomBytes(100_000)
      return (
        long.length === 100_000 &&
        randomBytes(0).length === 0 &&
        !equalBytes(randomBytes(32), randomBytes(32))
      )
    },
  ],
])

/** Seals the text of RFC 8439 to `hex`, opens it again, and opens nothing that was altered. */
function isSealing(seal: Crypto['seal'], open: Crypto['open'], nonce: Uint8Array, hex: string): boolean {
  const key = count(32, 0x80)
  const sealed = seal(key, nonce, associated, sunscreen)
  const opened = open(key, nonce, associated, sealed)
  return (
    isHex(sealed, hex) &&
    opened !== null &&
    equalBytes(opened, sunscreen) &&
    open(key, nonce, associated, sealed.with(0, (sealed[0] as number) ^ 1)) === null &&
    open(key, nonce, associated.with(0, 0), sealed) === null &&
    open(key, nonce, associated, sealed.subarray(0, 15)) === null
  )
}
