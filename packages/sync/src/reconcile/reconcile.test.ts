import { createRandom, type Random, randomInputs, truncations } from '@effigy/testkit'
import { ownVectors } from '@effigy/testkit/node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCellMaker, encodeCells, maxCells } from './cells.ts'
import { hex, makeReconcileVectors, type ReconcileVectors, sha256 } from './node/make-vectors.ts'
import { createPeeler, maxSetSize, type Peeler } from './peel.ts'
import {
  changedPrints,
  decodePrints,
  encodePrints,
  findPrints,
  hashPrints,
  type Prints,
  printCount,
  printKey,
  printsOf,
} from './prints.ts'
import { sipHash } from './siphash.ts'

const vectors = JSON.parse(ownVectors('reconcile.json')) as ReconcileVectors
const counted = (length: number) => Uint8Array.from({ length }, (_, index) => index)

describe('spec/vectors/reconcile.json', () => {
  test("[C4] SipHash-2-4 gives its authors' 64 values", () => {
    const given = vectors.siphash.map((_, length) => hex(encodePrints(sipHash(counted(16), counted(length)))))
    expect(given).toEqual(vectors.siphash)
    expect(given.length).toBe(64)
  })

  test('[C4] [C6] digests, prints, set hashes and cells are what the generator gives', () => {
    expect(makeReconcileVectors(vectors.siphash)).toEqual(vectors)
  })
})

/** Prints of a set; the same number is the same print. */
function setOf(key: Uint8Array, members: Iterable<number>): Prints {
  const list = [...members]
  const digests = new Uint8Array(list.length * 16)
  const view = new DataView(digests.buffer)
  for (const [at, member] of list.entries()) view.setUint32(at * 16, member)
  return printsOf(key, digests)
}

const keysOf = (prints: Prints): string[] =>
  Array.from({ length: printCount(prints) }, (_, index) => printKey(prints, index)).sort()

/** Streams the cells of `theirs` to whoever has `ours`, `step` at a time. */
function reconcile(ours: Prints, theirs: Prints, step: number): Peeler {
  const source = createCellMaker(theirs)
  const peeler = createPeeler(createCellMaker(ours), printCount(theirs))
  for (let first = 0; peeler.state === 'open'; first += step) {
    const end = Math.min(first + step, maxCells)
    source.extend(end)
    peeler.take(encodeCells(source.cells, printCount(theirs), first, end), end - first)
  }
  return peeler
}

function pair(random: Random): readonly [Set<number>, Set<number>] {
  const common = random.integer(random.pick([1, 10, 300, 2_000]))
  const ours = new Set(Array.from({ length: common }, (_, index) => index))
  const theirs = new Set(ours)
  const differences = random.integer(random.pick([2, 12, 150, 700]))
  for (let index = 0; index < differences; index++) {
    const member = 1_000_000 + index
    if (random.chance(0.5)) ours.add(member)
    else theirs.add(member)
  }
  return [ours, theirs]
}

const difference = (key: Uint8Array, a: Set<number>, b: Set<number>): string[] =>
  keysOf(
    setOf(
      key,
      Array.from(a).filter((member) => !b.has(member)),
    ),
  )

test('[C6] [C7] 2,000 random pairs of sets: the cells give the naive difference, and the hash of the whole', () => {
  for (let seed = 0; seed < 2_000; seed++) {
    const random = createRandom(`reconcile ${seed}`)
    const key = random.bytes(16)
    const [a, b] = pair(random)
    const ours = setOf(key, a)
    const theirs = setOf(key, b)
    const peeler = reconcile(ours, theirs, random.pick([1, 16, 384]))
    expect([seed, peeler.state]).toEqual([seed, 'done'])
    expect(keysOf(peeler.ours)).toEqual(difference(key, a, b))
    expect(keysOf(peeler.theirs)).toEqual(difference(key, b, a))
    const gone = new Set(findPrints(ours, peeler.ours))
    expect(hex(hashPrints(changedPrints(ours, gone, peeler.theirs), sha256))).toBe(
      hex(hashPrints(theirs, sha256)),
    )
  }
})

test('[C6] a difference costs less than two cells, once there are some', () => {
  const random = createRandom('cells a difference')
  const key = random.bytes(16)
  for (const count of [100, 400, 1_500]) {
    const common = Array.from({ length: 5_000 }, (_, index) => index)
    const more = Array.from({ length: count }, (_, index) => 10_000 + index)
    const { received, state } = reconcile(setOf(key, common), setOf(key, [...common, ...more]), 8)
    expect(state).toBe('done')
    expect(received / count).toBeLessThan(2)
  }
})

describe('[T29] cells that nobody honest makes', () => {
  const random = createRandom('hostile cells')
  const key = random.bytes(16)
  const ours = setOf(
    key,
    Array.from({ length: 1_000 }, (_, index) => index),
  )
  const cellBytes = (sum: Uint8Array, check: number, zigzag: number): Uint8Array => {
    const bytes = new Uint8Array(13)
    bytes.set(sum)
    new DataView(bytes.buffer).setUint32(8, check, true)
    bytes[12] = zigzag
    return bytes
  }
  const joined = (cells: readonly Uint8Array[]): Uint8Array =>
    new Uint8Array(cells.flatMap((cell) => [...cell]))

  test('endless ones that never decode end at 4,096', () => {
    const peeler = createPeeler(createCellMaker(ours), 1_000)
    for (let count = 0; peeler.state === 'open'; count += 256) {
      peeler.take(joined(Array.from({ length: 256 }, () => cellBytes(random.bytes(8), 7, 0))), 256)
      expect(count).toBeLessThan(maxCells)
    }
    expect(peeler.state).toBe('failed')
    expect(peeler.take(cellBytes(new Uint8Array(8), 0, 0), 1)).toBe('failed')
  })

  test('the same print over and over, in cells where it does not belong, is peeled once', () => {
    const nothing = new Uint32Array(0)
    const source = createCellMaker(setOf(key, [5_000]))
    source.extend(1)
    const one = encodeCells(source.cells, 0, 0, 1)
    const peeler = createPeeler(createCellMaker(nothing), 0)
    // Every cell says: this one print, once.
    expect(peeler.take(joined(Array.from({ length: 512 }, () => one)), 512)).toBe('failed')
    expect(printCount(peeler.theirs)).toBe(1)
  })

  test('pure cells without end give no more prints than there were cells', () => {
    for (let seed = 0; seed < 8; seed++) {
      const chance = createRandom(`pure ${seed}`)
      const cells = Array.from({ length: 512 }, () => {
        const source = createCellMaker(setOf(key, [chance.integer(2 ** 31)]))
        source.extend(1)
        return encodeCells(source.cells, 0, 0, 1)
      })
      const peeler = createPeeler(createCellMaker(new Uint32Array(0)), 0)
      peeler.take(joined(cells), cells.length)
      expect(peeler.state).toBe('failed')
      expect(printCount(peeler.theirs)).toBeLessThanOrEqual(cells.length)
    }
  })

  test('false counts and false sizes find nothing false that the hash would not show', () => {
    const source = createCellMaker(ours)
    source.extend(16)
    const honest = encodeCells(source.cells, 1_000, 0, 16)
    expect(createPeeler(createCellMaker(ours), maxSetSize + 1).take(honest, 16)).toBe('failed')
    const peeler = createPeeler(createCellMaker(ours), 990)
    expect(peeler.take(honest, 16)).not.toBe('done')
  })

  test('never throws, whatever comes', () => {
    const source = createCellMaker(ours)
    source.extend(40)
    const honest = encodeCells(source.cells, 1_000, 0, 40)
    for (const cut of truncations(honest)) {
      expect(createPeeler(createCellMaker(ours), 1_000).take(cut, 40)).toBe('failed')
    }
    for (const bytes of randomInputs(random, 500)) {
      createPeeler(createCellMaker(ours), 1_000).take(bytes, 1 + random.integer(50))
    }
    for (let at = 0; at < honest.length; at++) {
      const flipped = honest.slice()
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
      const peeler = createPeeler(createCellMaker(ours), 1_000)
      expect(peeler.take(flipped, 40) === 'done' && printCount(peeler.theirs) > 0).toBe(false)
    }
  })
})

test('[C4] lists of prints read back, and nothing else does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const prints = decodePrints(bytes)
      expect(prints === null).toBe(bytes.length % 8 !== 0)
      if (prints !== null) expect(encodePrints(prints)).toEqual(bytes)
    }),
  )
})
