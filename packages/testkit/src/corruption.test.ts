import { describe, expect, test } from 'vitest'
import { damaged, mutations, pieces, randomInputs, truncations } from './corruption.ts'
import { createRandom } from './seed.ts'

const bytes = Uint8Array.from([0, 1, 2, 255])

describe('corruption', () => {
  test('mutations are every single bit, once, and leave the original alone', () => {
    const all = [...mutations(bytes)]
    expect(new Set(all.map((copy) => copy.join())).size).toBe(32)
    for (const copy of all) {
      const flipped = copy.reduce((sum, byte, at) => sum + bitCount(byte ^ bytes[at]!), 0)
      expect([copy.length, flipped]).toEqual([4, 1])
    }
    expect([...bytes]).toEqual([0, 1, 2, 255])
  })

  test('truncations are every proper prefix', () => {
    expect([...truncations(bytes)].map((cut) => cut.join())).toEqual(['', '0', '0,1', '0,1,2'])
  })

  test('pieces join to the whole', () => {
    expect([...pieces(bytes)].flatMap((piece) => [...piece])).toEqual([...bytes])
  })

  test('random inputs replay, keep their bound, and include short and long ones', () => {
    const lengths = [...randomInputs(createRandom(1), 500, 100)].map((input) => input.length)
    expect(lengths).toEqual([...randomInputs(createRandom(1), 500, 100)].map((input) => input.length))
    expect([lengths.length, Math.min(...lengths)]).toEqual([500, 0])
    expect(Math.max(...lengths)).toBeGreaterThan(80)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(100)
  })

  test('damage works on any input, the empty one too, and leaves the original alone', () => {
    const random = createRandom('damage')
    expect([...damaged(random, new Uint8Array(0), 100)]).toHaveLength(100)
    const changed = [...damaged(random, bytes, 200)].filter((copy) => copy.join() !== bytes.join())
    expect(changed.length).toBeGreaterThan(100)
    expect([...bytes]).toEqual([0, 1, 2, 255])
  })
})

const bitCount = (byte: number): number => [...byte.toString(2)].filter((bit) => bit === '1').length
