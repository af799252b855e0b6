import fc from 'fast-check'
import { expect, test } from 'vitest'
import { constantTimeEqual } from './constant-time.ts'

test('is equality of bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 8, max: 1 })
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      expect(constantTimeEqual(a, b)).toBe(a.join() === b.join())
      expect(constantTimeEqual(a, a.slice())).toBe(true)
    }),
  )
})

test('every byte counts', () => {
  const secret = new Uint8Array(32).fill(1)
  for (let at = 0; at < 32; at++) expect(constantTimeEqual(secret, secret.with(at, 2))).toBe(false)
})
