/**
 * What every `Crypto` must do; the bracketed ids are the rules of spec K and the
 * threats of the reliability plan.
 *
 * @module
 */
import { concatBytes, type SignatureCheck, utf8 } from '@effigy/core'
import { bytesToHex } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Crypto } from '../src/crypto.ts'
import { selfTest } from '../src/self-test.ts'
import { type Suite, suiteHere } from './suite.ts'
import { hex, type PublicVectors, type SignatureVectors, type WycheproofAead } from './vectors.ts'

export interface ContractVectors {
  readonly signatures: SignatureVectors
  readonly published: PublicVectors | null
}

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)

export function cryptoContract(
  name: string,
  open: () => Promise<Crypto>,
  vectors: ContractVectors,
  { describe, test }: Suite = suiteHere,
): void {
  describe(`${name}: hashes`, () => {
    test('[K4] sha256 gives its own bytes, of whatever length and offset the input is', async () => {
      const { sha256 } = await open()
      const buffer = utf8('--abc--')
      const digest = sha256(buffer.subarray(2, 5))
      expect(bytesToHex(digest)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
      expect(Object.getPrototypeOf(digest)).toBe(Uint8Array.prototype)
      digest.fill(0)
      expect(sha256(utf8('abc'))).not.toEqual(digest)
    })

    test('[K4] sha256 of pieces is that of the whole', async () => {
      const { sha256, sha256Stream } = await open()
      const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251)
      for (const length of [1000, 65_536, 300_000]) {
        const stream = sha256Stream()
        for (let at = 0; at < bytes.length; at += length) stream.update(bytes.subarray(at, at + length))
        const digest = stream.digest()
        expect(digest).toEqual(sha256(bytes))
        expect(Object.getPrototypeOf(digest)).toBe(Uint8Array.prototype)
      }
      expect(sha256Stream().digest()).toEqual(sha256(new Uint8Array(0)))
    })

    test('[K4] hmac is the same for short and long keys and inputs', async () => {
      const crypto = await open()
      // SHA-256 of the concatenated MACs, as OpenSSL gives them.
      const macs = [0, 1, 32, 64, 65, 200].flatMap((keyLength) =>
        [0, 1, 63, 64, 8192, 8193, 20_000].map((length) =>
          crypto.hmacSha256(new Uint8Array(keyLength).fill(7), new Uint8Array(length).fill(9)),
        ),
      )
      expect(bytesToHex(crypto.sha256(concatBytes(...macs)))).toBe(
        '3d3adae4b7ae8082a05bf84a614563afaf908f06ca910ec9cf17df1cb5a2ed89',
      )
    })

    test('[K4] hkdf takes 1,024 bytes of info and not one more', async () => {
      const { hkdfSha256 } = await open()
      const derived = hkdfSha256(key(1), key(2), new Uint8Array(1024).fill(3), 32)
      expect(bytesToHex(derived)).toBe('95d8d5e46d275ab8d93b2c9dc0585aefff964b9c63baaa3da7019f308e1ec9f3')
      expect(() => hkdfSha256(key(1), key(2), new Uint8Array(1025), 32)).toThrow(RangeError)
    })

    test('[K4] hkdf gives prefixes of one stream and refuses more than 8,160 bytes', async () => {
      const { hkdfSha256 } = await open()
      const whole = hkdfSha256(key(1), key(2), utf8('info'), 8160)
      for (const length of [1, 31, 32, 33, 48, 64, 100]) {
        expect(hkdfSha256(key(1), key(2), utf8('info'), length)).toEqual(whole.slice(0, length))
      }
      for (const length of [0, -1, 1.5, Number.NaN, 8161]) {
        expect(() => hkdfSha256(key(1), key(2), utf8('info'), length)).toThrow(RangeError)
      }
    })
  })

  for (const [algorithm, nonceLength] of [
    ['ChaCha20-Poly1305', 12] as const,
    ['XChaCha20-Poly1305', 24] as const,
  ]) {
    describe(`${name}: ${algorithm}`, () => {
      const pick = (crypto: Crypto) =>
        nonceLength === 12 ? ([crypto.seal, crypto.open] as const) : ([crypto.sealX, crypto.openX] as const)
      const nonce = new Uint8Array(nonceLength).fill(5)

      test('[K4] opens what it sealed, empty parts included', async () => {
        const [seal, unseal] = pick(await open())
        for (const length of [0, 1, 15, 16, 17, 1000, 65_537]) {
          for (const associated of [new Uint8Array(0), utf8('associated')]) {
            const plaintext = new Uint8Array(length).fill(3)
            const sealed = seal(key(4), nonce, associated, plaintext)
            expect(sealed.length).toBe(length + 16)
            expect(unseal(key(4), nonce, associated, sealed)).toEqual(plaintext)
          }
        }
      })

      test('[K4] one flipped bit, a cut, another key, nonce or associated text give null', async () => {
        const [seal, unseal] = pick(await open())
        const associated = utf8('a')
        const sealed = seal(key(4), nonce, associated, utf8('text'))
        for (let bit = 0; bit < sealed.length * 8; bit++) {
          const altered = sealed.with(bit >> 3, (sealed[bit >> 3] as number) ^ (1 << (bit & 7)))
          expect(unseal(key(4), nonce, associated, altered)).toBeNull()
        }
        for (let length = 0; length < sealed.length; length++) {
          expect(unseal(key(4), nonce, associated, sealed.slice(0, length))).toBeNull()
        }
        expect(unseal(key(5), nonce, associated, sealed)).toBeNull()
        expect(unseal(key(4), nonce.with(0, 6), associated, sealed)).toBeNull()
        expect(unseal(key(4), nonce, utf8('b'), sealed)).toBeNull()
        expect(unseal(key(4), nonce, new Uint8Array(0), sealed)).toBeNull()
      })

      test('a key or nonce of a wrong length is our bug and throws', async () => {
        const [seal, unseal] = pick(await open())
        const none = new Uint8Array(0)
        expect(() => seal(key(4).subarray(1), nonce, none, none)).toThrow()
        expect(() => seal(key(4), nonce.subarray(1), none, none)).toThrow()
        expect(() => unseal(key(4).subarray(1), nonce, none, key(0))).toThrow()
        expect(() => unseal(key(4), nonce.subarray(1), none, key(0))).toThrow()
      })

      const published =
        nonceLength === 12 ? vectors.published?.chacha20Poly1305 : vectors.published?.xchacha20Poly1305
      test.skipIf(published === undefined)(
        published === undefined ? 'Wycheproof: not present beside the repository' : '[K4] Wycheproof',
        async () => {
          const [seal, unseal] = pick(await open())
          expect(aeadFaults(published as WycheproofAead, nonceLength * 8, seal, unseal)).toEqual([])
        },
      )
    })
  }

  describe(`${name}: signatures`, () => {
    test('[K1] [T2] the constructed edge cases have their verdicts', async () => {
      const { verify } = await open()
      const { cases } = vectors.signatures
      const verdicts = await verify(
        cases.map(({ publicKey, message, signature }) => ({
          publicKey: hex(publicKey),
          message: hex(message),
          signature: hex(signature),
        })),
      )
      expect(cases.filter(({ valid }, index) => verdicts[index] !== valid).map((item) => item.name)).toEqual(
        [],
      )
      expect(verdicts.length).toBe(cases.length)
    })

    test('[K1] [T2] the constructed keys are sound or not', async () => {
      const { isSoundKey } = await open()
      const wrong = vectors.signatures.cases.filter(
        (item) => isSoundKey(hex(item.publicKey)) !== item.soundKey,
      )
      expect(wrong.map((item) => item.name)).toEqual([])
    })

    const published = vectors.published?.ed25519
    test.skipIf(published === undefined)(
      published === undefined ? 'Wycheproof: not present beside the repository' : '[K1] [T2] Wycheproof',
      async () => {
        const { verify } = await open()
        const items = (published?.testGroups ?? []).flatMap((group) =>
          group.tests.map((item) => ({ ...item, pk: group.publicKey.pk })),
        )
        const verdicts = await verify(
          items.map(({ pk, msg, sig }) => ({ publicKey: hex(pk), message: hex(msg), signature: hex(sig) })),
        )
        const wrong = items.filter(({ result }, index) => verdicts[index] !== (result === 'valid'))
        expect(wrong.map(({ tcId, comment }) => `${tcId} ${comment}`)).toEqual([])
        expect(items.length).toBeGreaterThan(100)
      },
    )

    test('[K1] what a signer signs verifies, in order, and nothing else does', async () => {
      const crypto = await open()
      const [one, two] = [await crypto.signer(key(1)), await crypto.signer(key(2))]
      const message = utf8('message')
      const signature = await one.signBytes(message)
      expect(signature.length).toBe(64)
      expect(await one.signBytes(message)).toEqual(signature)
      const checks: readonly SignatureCheck[] = [
        { publicKey: one.publicKey, message, signature },
        { publicKey: two.publicKey, message, signature },
        { publicKey: one.publicKey, message: utf8('massage'), signature },
        { publicKey: one.publicKey, message, signature: await two.signBytes(message) },
        { publicKey: two.publicKey, message, signature: await two.signBytes(message) },
      ]
      expect(await crypto.verify(checks)).toEqual([true, false, false, false, true])
      expect(await crypto.verify([])).toEqual([])
      expect(crypto.isSoundKey(one.publicKey)).toBe(true)
    })

    test('[K1] a batch larger than a slice keeps its order', async () => {
      const crypto = await open()
      const signer = await crypto.signer(key(1))
      const message = utf8('message')
      const signature = await signer.signBytes(message)
      const checks = Array.from({ length: 150 }, (_, index) => ({
        publicKey: signer.publicKey,
        message: index % 3 === 0 ? message : utf8(`other ${index}`),
        signature: index % 5 === 0 ? signature.subarray(1) : signature,
      }))
      expect(await crypto.verify(checks)).toEqual(
        checks.map((_, index) => index % 3 === 0 && index % 5 !== 0),
      )
    })

    test('[K1] random bytes are false and never an error', async () => {
      const crypto = await open()
      const bytes = (length: number) => fc.uint8Array({ maxLength: length })
      const check = fc.record({
        publicKey: fc.oneof(bytes(40), fc.uint8Array({ minLength: 32, maxLength: 32 })),
        signature: fc.oneof(bytes(70), fc.uint8Array({ minLength: 64, maxLength: 64 })),
        message: bytes(20),
      })
      await fc.assert(
        fc.asyncProperty(check, async (item) => {
          expect(await crypto.verify([item])).toEqual([false])
        }),
      )
    })

    test('a signer does not show its key and keeps it when the seed is wiped', async () => {
      const crypto = await open()
      const seed = key(9)
      const signer = await crypto.signer(seed)
      const expected = await signer.signBytes(utf8('x'))
      seed.fill(0)
      expect(await signer.signBytes(utf8('x'))).toEqual(expected)
      expect(Object.keys(signer).sort()).toEqual(['publicKey', 'signBytes'])
    })
  })

  describe(`${name}: agreement`, () => {
    test('[K3] both sides agree, and a secret survives its array', async () => {
      const crypto = await open()
      const secret = key(1)
      const [one, two] = [await crypto.agreementKey(secret), await crypto.agreementKey(key(2))]
      secret.fill(0)
      const shared = await one.agree(two.publicKey)
      expect(shared?.length).toBe(32)
      expect(await two.agree(one.publicKey)).toEqual(shared)
      expect(Object.keys(one).sort()).toEqual(['agree', 'publicKey'])
    })

    test('[K3] a wrong length gives null', async () => {
      const own = await (await open()).agreementKey(key(1))
      for (const length of [0, 31, 33]) expect(await own.agree(new Uint8Array(length).fill(9))).toBeNull()
    })

    const published = vectors.published?.x25519
    test.skipIf(published === undefined)(
      published === undefined
        ? 'Wycheproof: not present beside the repository'
        : '[K3] Wycheproof, zero as null',
      async () => {
        const crypto = await open()
        const wrong: string[] = []
        for (const item of published?.testGroups.flatMap((group) => group.tests) ?? []) {
          const own = await crypto.agreementKey(hex(item.private))
          const shared = await own.agree(hex(item.public))
          const expected = /^0+$/.test(item.shared) ? null : item.shared
          if ((shared && bytesToHex(shared)) !== expected) wrong.push(`${item.tcId} ${item.comment}`)
        }
        expect(wrong).toEqual([])
      },
    )
  })

  describe(`${name}: as a whole`, () => {
    test('[K2] [T2] passes the self-test', async () => {
      expect((await selfTest(await open())).failed).toEqual([])
    })

    test('[K2] a backend that takes one forgery or fails in one part is found out', async () => {
      const crypto = await open()
      const forgiving: Crypto = { ...crypto, verify: async (checks) => checks.map(() => true) }
      expect((await selfTest(forgiving)).failed).toEqual(['verify'])
      const broken: Crypto = {
        ...crypto,
        sha256: () => {
          throw new Error('no')
        },
      }
      expect((await selfTest(broken)).failed).toContain('sha256')
    })

    test('random bytes come in any length and differ', async () => {
      const { randomBytes } = await open()
      expect(randomBytes(0).length).toBe(0)
      expect(randomBytes(70_000).length).toBe(70_000)
      expect(randomBytes(32)).not.toEqual(randomBytes(32))
    })
  })
}

function aeadFaults(
  vectors: WycheproofAead,
  nonceBits: number,
  seal: Crypto['seal'],
  open: Crypto['open'],
): readonly string[] {
  const faults: string[] = []
  const items = vectors.testGroups.flatMap((group) =>
    group.tests.map((item) => ({ ...item, bits: group.ivSize })),
  )
  for (const item of items) {
    const [itemKey, nonce, associated] = [hex(item.key), hex(item.iv), hex(item.aad)] as const
    const sealed = hex(item.ct + item.tag)
    const isRight =
      item.bits === nonceBits
        ? holds(item.result, bytesToHex(sealed), item.msg, open(itemKey, nonce, associated, sealed), () =>
            seal(itemKey, nonce, associated, hex(item.msg)),
          )
        : throws(() => seal(itemKey, nonce, associated, hex(item.msg)))
    if (!isRight) faults.push(`${item.tcId} ${item.comment}`)
  }
  return faults
}

function holds(
  result: string,
  sealed: string,
  message: string,
  opened: Uint8Array | null,
  seal: () => Uint8Array,
): boolean {
  if (result !== 'valid') return opened === null
  return opened !== null && bytesToHex(opened) === message && bytesToHex(seal()) === sealed
}

function throws(act: () => unknown): boolean {
  try {
    act()
    return false
  } catch {
    return true
  }
}
