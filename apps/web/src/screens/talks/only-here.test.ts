/** [R60] What one said is marked until one other place said that it has it. */
import type { Identity } from '@effigy/core'
import { expect, test } from 'vitest'
import { farthestOf, isOnlyHere } from './only-here.ts'

const self = 'did:key:z6MkSelf' as Identity
const other = 'did:key:z6MkOther' as Identity
const place = (length: number) =>
  ({ identity: other, kind: 'hub', isConnected: true, length, at: 1, state: 'away' }) as const

test('[R60] one place is enough, and nothing is guessed of the others', () => {
  const farthest = farthestOf([place(0), place(7), place(3)])
  expect(isOnlyHere({ identity: self, length: 7 }, self, farthest)).toBe(false)
  expect(isOnlyHere({ identity: self, length: 8 }, self, farthest)).toBe(true)
  expect(isOnlyHere({ identity: self, length: 1 }, self, farthestOf([]))).toBe(true)
})

test('[R60] what was said with another device is there at least', () => {
  expect(isOnlyHere({ identity: other, length: 9 }, self, 0)).toBe(false)
})
