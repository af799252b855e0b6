import { expect, test } from 'vitest'
import { type Looked, mostPages, verdictOf } from './verdict.ts'

const empty: Looked = {
  type: 'ready',
  found: 0,
  hasMore: false,
  isLoadingMore: false,
  pages: 0,
  behind: 0,
}

test('says that there is nothing once all was looked through, and not before', () => {
  expect(verdictOf(empty)).toBe('nothing')
  expect(verdictOf({ ...empty, hasMore: true })).toBe('looking')
  expect(verdictOf({ ...empty, hasMore: true, isLoadingMore: true, pages: mostPages })).toBe('looking')
  expect(verdictOf({ ...empty, behind: 3 })).toBe('unread')
  expect(verdictOf({ ...empty, type: 'pending' })).toBe('waiting')
  expect(verdictOf({ ...empty, type: 'failed' })).toBe('failed')
})

test('asks after many pages without anything to show, and goes on as far again', () => {
  let pages = 0
  while (verdictOf({ ...empty, hasMore: true, pages }) === 'looking') pages++
  expect(pages).toBe(mostPages)
  expect(verdictOf({ ...empty, hasMore: true, pages })).toBe('paused')
  expect(verdictOf({ ...empty, hasMore: true, pages: 0 })).toBe('looking')
  // At the end of it nobody is asked.
  expect(verdictOf({ ...empty, pages })).toBe('nothing')
})

test('what was found is shown, whatever else is under way', () => {
  for (const type of ['pending', 'ready', 'failed'] as const)
    expect(verdictOf({ ...empty, type, found: 1, hasMore: true, pages: mostPages, behind: 9 })).toBe('found')
})
