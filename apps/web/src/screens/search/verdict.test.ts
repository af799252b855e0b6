import { expect, test } from 'vitest'
import { type Looked, mostPages, together, verdictOf } from './verdict.ts'

const empty: Looked = {
  type: 'ready',
  found: 0,
  wanted: 1,
  hasMore: false,
  isLoadingMore: false,
  pages: 0,
  behind: 0,
}

test('says that there is nothing once all was looked through, and not before', () => {
  expect(verdictOf(empty)).toBe('end')
  expect(verdictOf({ ...empty, hasMore: true })).toBe('looking')
  expect(verdictOf({ ...empty, hasMore: true, isLoadingMore: true, pages: mostPages })).toBe('looking')
  expect(verdictOf({ ...empty, behind: 3 })).toBe('unread')
  expect(verdictOf({ ...empty, type: 'pending' })).toBe('waiting')
  expect(verdictOf({ ...empty, type: 'failed' })).toBe('failed')
})

test('asks after many pages with too little to show, and goes on as far again', () => {
  for (const found of [0, 2]) {
    const some = { ...empty, found, wanted: 3 }
    let pages = 0
    while (verdictOf({ ...some, hasMore: true, pages }) === 'looking') pages++
    expect(pages).toBe(mostPages)
    expect(verdictOf({ ...some, hasMore: true, pages })).toBe('paused')
    expect(verdictOf({ ...some, hasMore: true, pages: 0 })).toBe('looking')
    // At the end of it nobody is asked.
    expect(verdictOf({ ...some, pages })).toBe('end')
  }
})

test('looks no further than is asked for, whatever else is under way', () => {
  for (const type of ['pending', 'ready', 'failed'] as const)
    expect(verdictOf({ ...empty, type, found: 1, hasMore: true, pages: mostPages, behind: 9 })).toBe('enough')
})

test('in two places there is nothing only when both were looked through', () => {
  expect(together('end', 'end')).toBe('end')
  for (const other of ['failed', 'waiting', 'looking', 'paused', 'unread'] as const) {
    expect(together('end', other)).toBe(other)
    expect(together(other, 'end')).toBe(other)
  }
  expect(together('paused', 'looking')).toBe('looking')
})
