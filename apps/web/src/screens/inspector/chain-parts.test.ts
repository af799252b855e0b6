/** Where forks stand in a chain: above the last entry that all sides have, on the page that has it. */
import type { RawCid } from '@effigy/core'
import type { InspectedFeed, InspectedLine } from '@effigy/peer'
import { expect, test } from 'vitest'
import { chainParts, epochsBefore, forksOf } from './chain-parts.ts'

const line = (length: number): InspectedLine => ({
  ...{ cid: `entry-${length}` as RawCid, length, comparable: length, type: 'public_note', bytes: 300 },
  ...{ isVerified: true, isSealed: false },
})

const fork = (epoch: number, length: number) => ({ epoch, length, cid: `fork-${epoch}-${length}` as RawCid })

const feed = (changes: Partial<InspectedFeed>): InspectedFeed => ({
  ...{ identity: 'did:key:z' as InspectedFeed['identity'], isSelf: false, isWatched: true },
  ...{ head: { epoch: 3, length: 5, comparable: 5, cid: 'top' as RawCid }, held: 5, heldBytes: 1_500 },
  ...{ runs: [{ first: 1, last: 5 }], disputedAbove: null, forks: [], broken: null },
  ...changes,
})

const shown = (page: Parameters<typeof chainParts>[0], of: InspectedFeed) =>
  chainParts(page, of).map((part) => (part.type === 'entry' ? part.line.length : `fork ${part.fork.length}`))

const all = { entries: [5, 4, 3, 2, 1].map(line), isFirst: true, isLast: true }

test('a fork that is settled leaves below its length, one that is disputed above what all sides have', () => {
  expect(shown(all, feed({ forks: [fork(3, 4)] }))).toEqual([5, 4, 'fork 4', 3, 2, 1])
  const disputed = feed({ forks: [fork(3, 4), fork(3, 5)], disputedAbove: 2 })
  expect(shown(all, disputed)).toEqual([5, 4, 3, 'fork 4', 'fork 5', 2, 1])
})

test('it stands on one page alone, also where the chain itself ends below it', () => {
  const of = feed({ forks: [fork(3, 4)] })
  expect(shown({ entries: [5, 4].map(line), isFirst: true, isLast: false }, of)).toEqual([5, 4])
  expect(shown({ entries: [3, 2].map(line), isFirst: false, isLast: false }, of)).toEqual(['fork 4', 3, 2])
  expect(shown({ entries: [2, 1].map(line), isFirst: false, isLast: true }, of)).toEqual([2, 1])
  expect(shown({ ...all, entries: [line(1)] }, feed({ forks: [fork(3, 9)] }))).toEqual(['fork 9', 1])
  expect(shown({ ...all, entries: [] }, feed({ forks: [fork(3, 1)] }))).toEqual(['fork 1'])
})

test('forks of epochs that were given up stand apart, the newest first', () => {
  const of = feed({ forks: [fork(3, 4), fork(2, 7), fork(1, 2), fork(2, 6)] })
  expect(shown(all, of)).toEqual([5, 4, 'fork 4', 3, 2, 1])
  expect(epochsBefore(of)).toEqual([2, 1])
  expect(forksOf(of, 2).map(({ length }) => length)).toEqual([7, 6])
})
