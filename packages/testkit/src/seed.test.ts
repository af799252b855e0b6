import { describe, expect, test } from 'vitest'
import { createRandom, seededRandomBytes } from './seed.ts'

const draw = (seed: string | number) => {
  const random = createRandom(seed)
  return [
    random.bytes(9),
    random.integer(1000),
    random.pick(['a', 'b', 'c']),
    random.shuffle([1, 2, 3, 4, 5]),
    random.chance(0.5),
    random.integer(2 ** 53),
  ]
}

describe('createRandom', () => {
  test('the same seed replays exactly', () => {
    expect(draw('effigy')).toEqual(draw('effigy'))
    expect(draw(7)).toEqual(draw('7'))
  })

  test('the sequence is pinned, so that a quoted seed replays in later versions', () => {
    expect([...createRandom('pinned').bytes(8)]).toMatchInlineSnapshot(`
      [
        112,
        114,
        1,
        153,
        222,
        116,
        237,
        191,
      ]
    `)
    expect([...createRandom(1).bytes(8)]).toMatchInlineSnapshot(`
      [
        198,
        178,
        71,
        255,
        123,
        100,
        224,
        190,
      ]
    `)
  })

  test('neighbouring seeds differ', () => {
    const seen = new Set(Array.from({ length: 2000 }, (_, seed) => createRandom(seed).bytes(8).join()))
    expect(seen.size).toBe(2000)
  })

  test('integers are within bounds, and spread', () => {
    const random = createRandom('spread')
    const counts = new Array<number>(10).fill(0)
    for (let n = 0; n < 10_000; n++) counts[random.integer(10)]!++
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150)
    expect(random.integer(1)).toBe(0)
    expect(() => random.integer(0)).toThrow(RangeError)
  })

  test('chance keeps its promise at both ends', () => {
    const random = createRandom('ends')
    expect(random.chance(0)).toBe(false)
    expect(random.chance(1)).toBe(true)
    const heads = Array.from({ length: 10_000 }, () => random.chance(0.25)).filter(Boolean).length
    expect(Math.abs(heads - 2500)).toBeLessThan(200)
  })

  test('a shuffle keeps every member and leaves its argument alone', () => {
    const list = Object.freeze(Array.from({ length: 50 }, (_, n) => n))
    const shuffled = createRandom('s').shuffle(list)
    expect(shuffled).not.toEqual(list)
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(list)
  })

  test('a fork depends on the seed and its name only', () => {
    const random = createRandom('root')
    const early = random.fork('peer 1').bytes(16)
    random.bytes(100)
    expect(random.fork('peer 1').bytes(16)).toEqual(early)
    expect(random.fork('peer 2').bytes(16)).not.toEqual(early)
  })

  test('says its seed', () => {
    expect(`${createRandom('run 12')}`).toBe('seed "run 12"')
  })
})

test('seededRandomBytes gives any length, and the same again', () => {
  const [one, two] = [seededRandomBytes('x'), seededRandomBytes('x')]
  for (const length of [0, 1, 3, 32, 70_000]) {
    const bytes = one(length)
    expect(bytes).toHaveLength(length)
    expect(bytes).toEqual(two(length))
  }
})
