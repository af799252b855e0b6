/** Shares of a phrase: any k give it back, fewer tell nothing, and who lies is named as long as k do not (spec Z20 to Z22). */
import { phraseEntropy, phraseOfEntropy } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shareBytes } from './share.ts'
import { joinShares, splitEntropy } from './splitting.ts'

const { sha256, randomBytes } = createNodeCrypto()
const set = 'AAAAAAAAAAAAAAAAAAAAAA'
const entropy = Uint8Array.from({ length: 16 }, (_, index) => index * 7)
const split = (threshold: number, count: number, secret: Uint8Array = entropy) =>
  splitEntropy(secret, { set, threshold, count }, sha256)
const join = (shares: readonly Uint8Array[], threshold: number, of = set) =>
  joinShares(shares, { set: of, threshold }, sha256)

/** Another value at the same place of the curve. */
function altered(share: Uint8Array): Uint8Array {
  const copy = randomBytes(share.length)
  copy[share.length - 1] = share[share.length - 1]!
  return copy
}

describe('[Z20] splitting', () => {
  test.for([16, 32])(
    'gives shares one byte longer than what stands for the words and its check (%i)',
    async (length) => {
      const secret = randomBytes(length)
      const shares = await split(2, 3, secret)
      expect(shares.map((share) => share.length)).toEqual([length + 17, length + 17, length + 17])
      expect(shareBytes(length)).toBe(length + 17)
      const joined = await join(shares.slice(1), 2)
      expect(joined).toEqual({ ok: true, value: { entropy: secret, wrong: [] } })
      const phrase = phraseOfEntropy(secret)
      expect(phraseEntropy(phrase)).toEqual(secret)
    },
  )

  test.for([
    [1, 2],
    [3, 2],
    [2, 17],
    [17, 17],
  ] as const)('%i of %i is refused', async ([threshold, count]) => {
    await expect(split(threshold, count)).rejects.toThrow(RangeError)
  })

  test('entropy of another length is refused', async () => {
    await expect(split(2, 2, new Uint8Array(15))).rejects.toThrow(TypeError)
  })
})

describe('[Z22] joining', () => {
  test('any k of n, in any order, and no lie goes unnamed while k are true', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 6 }).chain((count) =>
          fc.record({
            count: fc.constant(count),
            threshold: fc.integer({ min: 2, max: count }),
            order: fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
            lies: fc.uniqueArray(fc.integer({ min: 0, max: count - 1 }), { maxLength: count }),
          }),
        ),
        async ({ count, threshold, order, lies }) => {
          const shares = await split(threshold, count)
          const given = order.map((index) =>
            lies.includes(index) ? altered(shares[index]!) : shares[index]!,
          )
          const joined = await join(given, threshold)
          const wrong = order.flatMap((index, place) => (lies.includes(index) ? [place] : []))
          if (count - lies.length >= threshold)
            expect(joined).toEqual({ ok: true, value: { entropy, wrong } })
          else expect(joined).toEqual({ ok: false, error: { code: 'damaged' } })
        },
      ),
      { numRuns: 60 },
    )
  })

  test('k - 1 are too few', async () => {
    const shares = await split(3, 5)
    expect(await join(shares.slice(0, 2), 3)).toEqual({ ok: false, error: { code: 'too-few' } })
  })

  test('shares of another splitting of the same words do not fit, and are named', async () => {
    const [a, b] = await split(2, 3)
    const [other] = await split(2, 3)
    const joined = await join([a!, other!, b!], 2)
    expect(joined).toEqual({ ok: true, value: { entropy, wrong: [1] } })
    expect((await join([a!, b!], 2, 'AAAAAAAAAAAAAAAAAAAAAQ')).ok).toBe(false)
  })

  test('who hands on the share of another is named, and shares of any other length or place too', async () => {
    const [a, b, c] = await split(2, 3)
    expect(await join([a!, a!, b!], 2)).toMatchObject({ ok: true, value: { entropy } })
    expect(await join([a!, a!], 2)).toEqual({ ok: false, error: { code: 'damaged' } })
    const zero = c!.slice()
    zero[zero.length - 1] = 0
    for (const bad of [new Uint8Array(0), new Uint8Array(1), c!.slice(1), new Uint8Array(49), zero]) {
      expect(await join([bad, a!, b!], 2)).toEqual({ ok: true, value: { entropy, wrong: [0] } })
    }
  })

  test('sixteen with eight lies: all choices are within the bound', async () => {
    const shares = await split(8, 16)
    const given = shares.map((share, index) => (index < 8 ? altered(share) : share))
    const joined = await join(given, 8)
    expect(joined).toEqual({ ok: true, value: { entropy, wrong: [0, 1, 2, 3, 4, 5, 6, 7] } })
  })

  test('one flipped bit is told, and lies that cancel each other out name nobody else', async () => {
    const shares = await split(2, 5)
    for (let bit = 0; bit < 264; bit++) {
      const [first, ...others] = shares
      const flipped = first!.slice()
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect(await join([...others, flipped], 2)).toMatchObject({ ok: true, value: { entropy, wrong: [4] } })
    }
    // Two that know each other's place: weights of the points a and b at 0 are b/(a+b) and a/(a+b).
    const [a, b, ...honest] = shares.map((share) => share.slice())
    a![0]! ^= a![32]!
    b![0]! ^= b![32]!
    expect(await join([a!, b!, ...honest], 2)).toMatchObject({ ok: true, value: { entropy, wrong: [0, 1] } })
  })

  test('one share of two looks like chance, whatever the secret', async () => {
    const firsts = new Set<number>()
    for (let run = 0; run < 2_000; run++) firsts.add((await split(2, 2))[0]![0]!)
    expect(firsts.size).toBeGreaterThan(240)
  })
})
