import { expect, test } from 'vitest'
import { parseBlobs, parseDate, policyWith } from './policy.ts'

test.for([
  ['all', { type: 'all' }],
  ['none', { type: 'none' }],
  ['300', { type: 'up-to', bytes: 300 }],
  ['300K', { type: 'up-to', bytes: 307_200 }],
  ['10MiB', { type: 'up-to', bytes: 10 * 1024 * 1024 }],
  ['1g', { type: 'up-to', bytes: 1024 ** 3 }],
] as const)('--blobs %s', ([typed, policy]) => {
  expect(parseBlobs(typed)).toEqual(policy)
})

test.for(['', 'some', '0', '-1', '1.5M', '10T', '9999999999', 'all '])('--blobs %s is refused', (typed) => {
  expect(() => parseBlobs(typed)).toThrow('all, none')
})

test('--since takes days and times', () => {
  expect(parseDate('2026-01-31')).toBe(Date.UTC(2026, 0, 31))
  expect(parseDate('2026-01-31T12:30Z')).toBe(Date.UTC(2026, 0, 31, 12, 30))
  for (const typed of ['', 'yesterday', '2026-13-01', '31.1.2026', '1950-01-01']) {
    expect(() => parseDate(typed), typed).toThrow('2026-01-31')
  }
})

test('what is not said stays as it was', () => {
  const before = { depth: { type: 'last', count: 9 }, blobs: { type: 'none' } } as const
  expect(policyWith({}, before)).toEqual(before)
  expect(policyWith({ last: 3 }, before)).toEqual({ ...before, depth: { type: 'last', count: 3 } })
  expect(policyWith({ blobs: { type: 'all' } }, before)).toEqual({ ...before, blobs: { type: 'all' } })
})
