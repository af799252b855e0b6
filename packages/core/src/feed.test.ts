import { describe, expect, test } from 'vitest'
import { author, chainOf, note, sha256, topOf } from '../test/world.ts'
import { signEntry } from './entry.ts'
import { chainPoint, judgeHead, judgeLink, lesserHead, nextComparable, relateHeads } from './feed.ts'
import type { Head } from './head-record.ts'

const alice = author(1)
const bob = author(2)
const chain = await chainOf(alice, [note('a'), note('b'), note('c')])
const [first, second, third] = chain as [(typeof chain)[0], (typeof chain)[0], (typeof chain)[0]]

const head: Head = {
  identity: alice.identity,
  epoch: 1,
  length: 3,
  comparable: 3000,
  bytes: 1,
  head: third.cid,
}

describe('judgeLink', () => {
  test('a chain is sound from its first entry on', () => {
    expect(judgeLink(alice.identity, null, first)).toBe(null)
    expect(judgeLink(alice.identity, chainPoint(first), second)).toBe(null)
    expect(judgeLink(alice.identity, chainPoint(second), third)).toBe(null)
  })

  test('[F2] an entry of another identity', () => {
    expect(judgeLink(bob.identity, null, first)).toEqual({ code: 'identity', cid: first.cid })
  })

  test('[F3] a gap, a repetition, a first entry above another', () => {
    expect(judgeLink(alice.identity, chainPoint(first), third)?.code).toBe('length')
    expect(judgeLink(alice.identity, chainPoint(second), second)?.code).toBe('length')
    expect(judgeLink(alice.identity, chainPoint(first), first)?.code).toBe('length')
    expect(judgeLink(alice.identity, null, second)?.code).toBe('length')
  })

  test.for([1000, 999, 1])('[F4] comparable %d over 1000', async (comparable) => {
    const entry = await signEntry({ ...second.entry, comparable }, alice.signer, sha256)
    expect(judgeLink(alice.identity, chainPoint(first), entry)?.code).toBe('comparable')
  })

  test('[F5] a parent that is another entry', async () => {
    const entry = await signEntry({ ...second.entry, parent: third.cid }, alice.signer, sha256)
    expect(judgeLink(alice.identity, chainPoint(first), entry)?.code).toBe('parent')
  })

  test('[F1] what is wrong in several ways is told by the first of them, and so by all peers alike', async () => {
    const below = { ...chainPoint(first), keyId: 'another' }
    const wrong = { identity: bob.identity, length: 9, comparable: 1, parent: third.cid }
    const told: unknown[] = []
    const { identity, length, comparable, parent } = second.entry
    for (const right of [{}, { identity }, { length }, { comparable }, { parent }]) {
      Object.assign(wrong, right)
      const entry = await signEntry({ ...second.entry, ...wrong }, alice.signer, sha256)
      told.push(judgeLink(alice.identity, below, entry)?.code)
    }
    expect(told).toEqual(['identity', 'length', 'comparable', 'parent', 'mixed'])
  })
})

test.for([
  [{ head: first.cid }, 'hash'],
  [{ identity: bob.identity }, 'identity'],
  [{ length: 4 }, 'length'],
  [{ comparable: 2999 }, 'comparable'],
] as const)('[F6] a head record that claims %o', ([claim, code]) => {
  expect(judgeHead(head, third)).toBe(null)
  expect(judgeHead({ ...head, ...claim }, third)?.code).toBe(code)
})

test('[F9] how two heads stand to each other', () => {
  expect(relateHeads(head, head)).toBe('same')
  expect(relateHeads(head, { ...head, length: 4 })).toBe('ahead')
  expect(relateHeads(head, { ...head, length: 2 })).toBe('behind')
  expect(relateHeads(head, { ...head, head: first.cid })).toBe('fork')
  expect(relateHeads(head, { ...head, epoch: 2, length: 1 })).toBe('rebased')
  expect(relateHeads({ ...head, epoch: 2 }, head)).toBe('superseded')
  const other = { ...head, head: first.cid }
  expect(lesserHead(head, other)).toEqual(lesserHead(other, head))
})

test('[E4] a comparable never goes back, whatever the clock says [T24]', () => {
  expect(nextComparable(5000.7, null)).toBe(5000)
  expect(nextComparable(0, null)).toBe(1)
  expect(nextComparable(-9e15, topOf(chain))).toBe(3001)
  expect(nextComparable(9999, topOf(chain))).toBe(9999)
})
