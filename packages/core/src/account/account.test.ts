import { createHash, createHmac, createPrivateKey, createPublicKey, pbkdf2Sync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeBase64url } from '../base.ts'
import {
  accountNames,
  deriveMoveKey,
  deriveRecoveryKey,
  deriveSynodKey,
  nextOf,
  parseRoot,
  rootOf,
} from './keys.ts'
import {
  createPhrase,
  type Phrase,
  type PhraseFault,
  parsePhrase,
  phraseEntropy,
  phraseOfEntropy,
  wordsBeginning,
} from './phrase.ts'
import { phraseSeed } from './phrase-seed.ts'
import { deriveSecret } from './slip10.ts'

interface Pair {
  readonly secret: string
  readonly publicKey: string
}

interface Vectors {
  readonly slip10: {
    readonly vectors: readonly (Pair & {
      readonly seed: string
      readonly path: number[]
      readonly chainCode: string
    })[]
  }
  readonly accounts: readonly {
    readonly phrase: string
    readonly entropy: string
    readonly seed: string
    readonly recovery: Pair
    readonly keys: readonly {
      readonly n: number
      readonly synod: Pair & { readonly identity: string }
      readonly move: Pair
      readonly next: string
    }[]
    readonly root: string
  }[]
  readonly typed: {
    readonly accept: readonly { readonly typed: string; readonly phrase: string; readonly why: string }[]
    readonly reject: readonly { readonly typed: string; readonly error: PhraseFault }[]
  }
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../../spec/vectors/phrase.json', import.meta.url), 'utf8'),
) as Vectors

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const ofHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const hexPair = (key: { secret: Uint8Array; publicKey: Uint8Array }): Pair => ({
  secret: hexOf(key.secret),
  publicKey: hexOf(key.publicKey),
})

describe('phrase', () => {
  test.for(vectors.accounts)(
    '[D2] entropy $entropy is its words and its seed',
    async ({ phrase, entropy, seed }) => {
      expect(phraseOfEntropy(ofHex(entropy))).toBe(phrase)
      expect(parsePhrase(phrase)).toEqual({ ok: true, value: phrase })
      expect(hexOf(phraseEntropy(phrase as Phrase))).toBe(entropy)
      expect(hexOf(await phraseSeed(phrase as Phrase))).toBe(seed)
      expect(hexOf(pbkdf2Sync(phrase, 'mnemonic', 2048, 64, 'sha512'))).toBe(seed)
    },
  )

  test.for(vectors.typed.accept)('[D2] what is typed is forgiven: $why', ({ typed, phrase }) => {
    expect(parsePhrase(typed)).toEqual({ ok: true, value: phrase })
  })

  test.for(vectors.typed.reject)('[D2] $error.code says what is wrong with "$typed"', ({ typed, error }) => {
    expect(parsePhrase(typed)).toEqual({ ok: false, error })
  })

  test('[D2] a phrase is made from the randomness that was handed in', () => {
    const asked: number[] = []
    const random = (length: number) => {
      asked.push(length)
      return new Uint8Array(length)
    }
    expect(createPhrase(random).split(' ')).toHaveLength(12)
    expect(createPhrase(random, 24).split(' ')).toHaveLength(24)
    expect(asked).toEqual([16, 32])
    expect(() => phraseOfEntropy(new Uint8Array(20))).toThrow(TypeError)
  })

  test('[D2] parsePhrase never throws, and phrases survive being read', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (typed) => void parsePhrase(typed)))
    const entropy = fc.oneof(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
    )
    fc.assert(
      fc.property(entropy, (bytes) => {
        const read = parsePhrase(phraseOfEntropy(bytes))
        expect(read.ok && phraseEntropy(read.value)).toEqual(bytes)
      }),
    )
  })

  test('[D2] huge input is refused unread', () => {
    expect(parsePhrase('abandon '.repeat(100_000)).ok).toBe(false)
  })

  test('words are completed', () => {
    expect(wordsBeginning(' Aban', 5)).toEqual(['abandon'])
    expect(wordsBeginning('ab', 3)).toEqual(['abandon', 'ability', 'able'])
    expect(wordsBeginning(' ', 3)).toEqual([])
  })
})

const bip39 = new URL('../../../../../shared/vectors/bip39/', import.meta.url)

describe.skipIf(!existsSync(bip39))('BIP-39 (skipped where ../shared/vectors is not there)', () => {
  test('[D2] every published phrase of 12 or 24 words is read, every other length refused', () => {
    const published = JSON.parse(readFileSync(new URL('vectors.json', bip39), 'utf8')) as {
      readonly english: readonly (readonly [string, string, string, string])[]
    }
    for (const [entropy, words] of published.english) {
      const read = parsePhrase(words)
      if (entropy.length === 48) {
        expect(read).toEqual({ ok: false, error: { code: 'phrase-length', words: 18 } })
      } else {
        expect(read).toEqual({ ok: true, value: words })
        expect(hexOf(phraseEntropy(words as Phrase))).toBe(entropy)
      }
    }
  })

  test('[D2] the word list is the published one', () => {
    const words = readFileSync(new URL('english.txt', bip39), 'utf8').trim().split('\n')
    expect(words).toHaveLength(2048)
    for (const word of words) expect(wordsBeginning(word, 2048)).toContain(word)
  })
})

describe('derivation', () => {
  test.for(vectors.slip10.vectors)(
    '[D3] SLIP-0010 m/$path',
    ({ seed, path, chainCode, secret, publicKey }) => {
      const derived = deriveSecret(ofHex(seed), path)
      expect(hexOf(derived.secret)).toBe(secret)
      expect(hexOf(derived.chainCode)).toBe(chainCode)
      expect(nodePublicKey('ed25519', secret)).toBe(publicKey)
    },
  )

  test('[D3] a step or seed out of range is a bug', () => {
    for (const step of [-1, 2 ** 31, 1.5, Number.NaN]) {
      expect(() => deriveSecret(new Uint8Array(32), [step])).toThrow(TypeError)
    }
    expect(() => deriveSecret(new Uint8Array(15), [])).toThrow(TypeError)
    expect(() => deriveSecret(new Uint8Array(65), [])).toThrow(TypeError)
  })

  test.for(vectors.accounts)(
    '[D4] [D5] [D6] the account of $entropy',
    ({ seed: seedHex, recovery, keys, root }) => {
      const seed = ofHex(seedHex)
      expect(hexPair(deriveRecoveryKey(seed))).toEqual(recovery)
      for (const { n, synod, move, next } of keys) {
        expect(hexPair(deriveSynodKey(seed, n))).toEqual({ secret: synod.secret, publicKey: synod.publicKey })
        expect(hexPair(deriveMoveKey(seed, n))).toEqual(move)
        expect(encodeBase64url(nextOf(ofHex(move.publicKey), sha256))).toBe(next)
        const names = accountNames(seed, n, sha256)
        expect({ ...names, next: encodeBase64url(names.next), recovery: hexOf(names.recovery) }).toEqual({
          root,
          identity: synod.identity,
          next,
          recovery: recovery.publicKey,
        })
      }
      const [first] = keys
      const next0 = nextOf(ofHex(first!.move.publicKey), sha256)
      expect(rootOf(ofHex(first!.synod.publicKey), next0, ofHex(recovery.publicKey), sha256)).toBe(root)
    },
  )

  test.for(vectors.accounts)(
    '[D3] [D4] node:crypto derives the same keys of $entropy',
    ({ seed, recovery, keys }) => {
      expect(nodeSecret(seed, [7423, 1, 0])).toBe(recovery.secret)
      expect(nodePublicKey('x25519', recovery.secret)).toBe(recovery.publicKey)
      for (const { n, synod, move } of keys) {
        expect(nodeSecret(seed, [7423, 0, n])).toBe(synod.secret)
        expect(nodePublicKey('ed25519', synod.secret)).toBe(synod.publicKey)
        expect(nodeSecret(seed, [7423, 2, n])).toBe(move.secret)
        expect(nodePublicKey('ed25519', move.secret)).toBe(move.publicKey)
      }
    },
  )

  test('[D5] [D6] the commitments are over prefix and public keys', () => {
    const { recovery, keys, root } = vectors.accounts[0]!
    const [first] = keys
    const hash = (prefix: string, ...parts: string[]) =>
      createHash('sha256')
        .update(prefix)
        .update(ofHex(parts.join('')))
        .digest()
    const next = hash('effigy/next/1\n', first!.move.publicKey)
    expect(next.toString('base64url')).toBe(first!.next)
    const whole = hash('effigy/account/1\n', first!.synod.publicKey, next.toString('hex'), recovery.publicKey)
    expect(whole.toString('base64url')).toBe(root)
  })
})

test('[D7] a root is 43 characters in the one spelling', () => {
  const { root } = vectors.accounts[0]!
  expect(parseRoot(root)).toBe(root)
  for (let length = 0; length < root.length; length++) expect(parseRoot(root.slice(0, length))).toBeNull()
  expect(parseRoot(`${root}A`)).toBeNull()
  expect(parseRoot(`${'A'.repeat(42)}B`)).toBeNull()
  expect(parseRoot(`${'A'.repeat(42)}=`)).toBeNull()
  fc.assert(fc.property(fc.string({ minLength: 43, maxLength: 43 }), (text) => void parseRoot(text)))
})

/** SLIP-0010 again, over node:crypto: shares nothing with the code under test. */
function nodeSecret(seed: string, path: readonly number[]): string {
  let node = createHmac('sha512', 'ed25519 seed').update(ofHex(seed)).digest()
  for (const step of path) {
    const index = Buffer.alloc(4)
    index.writeUInt32BE(step + 2 ** 31)
    node = createHmac('sha512', node.subarray(32))
      .update(Buffer.concat([Buffer.of(0), node.subarray(0, 32), index]))
      .digest()
  }
  return node.subarray(0, 32).toString('hex')
}

function nodePublicKey(curve: 'ed25519' | 'x25519', secret: string): string {
  const prefix = { ed25519: '302e020100300506032b657004220420', x25519: '302e020100300506032b656e04220420' }[
    curve
  ]
  const key = createPrivateKey({ key: Buffer.from(prefix + secret, 'hex'), format: 'der', type: 'pkcs8' })
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')
}
