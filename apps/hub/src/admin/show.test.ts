import { expect, test } from 'vitest'
import { showOne, showRows } from './show.ts'

test('a table for people: sizes, times, yes and no', () => {
  const rows = [
    { name: 'Ada', ownBytes: 2_048, isBlocked: false, at: 0 },
    { name: null, ownBytes: 12, isBlocked: true, at: Number.NaN },
  ]
  expect(showRows(rows, ['name', 'ownBytes', 'isBlocked', 'at'])).toBe(
    `NAME  OWN BYTES  IS BLOCKED  AT
Ada   2.0 KB     no          1970-01-01 00:00 UTC
-     12 B       yes         -
`,
  )
})

test('what others wrote does not steer the terminal', () => {
  const hostile = 'a\u001b[2J\n\rb\u202ec\u2028d\u0007'
  const shown = showRows([{ text: hostile }], ['text'])
  expect(shown.split('\n')).toHaveLength(3)
  expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u)
})

test('one thing, with its lists below', () => {
  const shown = showOne({ name: 'Ada', quota: { feeds: 1 }, deviceList: [{ identity: 'x' }], empty: [] })
  expect(shown).toBe('NAME   Ada\nQUOTA  {"feeds":1}\n\nDEVICE LIST\nIDENTITY\nx\n')
})
