/** Text of other people on a terminal. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calmLine, calmText, createPaint, jsonLine } from './terminal-text.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: these must be gone
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

test('escape sequences and marks that turn the writing round do not reach the terminal', () => {
  expect(calmText('\u001b[2Jhi\u202eolleh\u009b31m\r')).toBe('\ufffd[2Jhi\ufffdolleh\ufffd31m\ufffd')
  expect(calmText('two\nlines\tand 👩‍👩‍👧')).toBe('two\nlines\tand 👩‍👩‍👧')
  expect(calmLine('two\nlines')).toBe('two lines')
})

test('whatever a peer writes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(calmText(text)).not.toMatch(steering)
      expect(jsonLine({ text })).not.toMatch(steering)
      expect(JSON.parse(jsonLine({ text }))).toEqual({ text })
    }),
  )
})

test('colours only when they are wanted', () => {
  expect(createPaint(false)('red', 'x')).toBe('x')
  expect(createPaint(true)('red', 'x')).toBe('\u001b[31mx\u001b[39m')
})
