/** Short names, suggestions, ranges, sizes, names of files. */
import { expect, test } from 'vitest'
import { matchesShort } from './arguments.ts'
import { parseRange } from './commands/blob.ts'
import { sizeText } from './item-view.ts'
import { isSafeName } from './safe-path.ts'
import { editDistance, nearestNames, suggestion } from './suggest.ts'

const cid = 'bafkreibys3pedohdlug3mt5kydclsuaicmbmb3a33i2ni24auf6lpsgxiu'

test.for([
  [cid, true],
  ['bafkreibys3', true],
  ['bys3pedo', true],
  ['6lpsgxiu', true],
  ['pedohdlu', false],
] as const)('%s names it: %s', ([typed, isMeant]) => {
  expect(matchesShort(cid, typed, 'bafkrei')).toBe(isMeant)
})

test('the nearest names are suggested, far ones are not', () => {
  expect(nearestNames('tiemline', ['timeline', 'thread', 'log'])).toEqual(['timeline'])
  expect(suggestion('xyzzyx', ['timeline', 'thread', 'log'])).toBe('')
  expect(editDistance('kitten', 'sitting')).toBe(3)
})

test('ranges are as in HTTP', () => {
  expect(parseRange('0-99')).toEqual({ offset: 0, length: 100 })
  expect(parseRange('100-')).toEqual({ offset: 100 })
  for (const typed of ['', '-', '-5', '5-4', 'a-b', '1-2-3']) expect(() => parseRange(typed)).toThrow()
})

test.for([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [300 * 1024 * 1024, '300 MiB'],
] as const)('%d bytes are %s', ([bytes, text]) => {
  expect(sizeText(bytes)).toBe(text)
})

test('names that lead out of a folder or steer a terminal are refused', () => {
  for (const name of ['', '.', '..', 'a/b', '/etc', 'a\u0000b', 'a\u001b[2J', 'a\nb']) {
    expect.soft(isSafeName(name, 'linux'), name).toBe(false)
  }
  for (const name of ['a\\b', 'C:', 'con', 'NUL.txt', 'a.', 'a ', 'a?b']) {
    expect.soft(isSafeName(name, 'win32'), name).toBe(false)
  }
  for (const name of ['a.txt', '.hidden', 'ü', '...', 'a b'])
    expect.soft(isSafeName(name, 'linux'), name).toBe(true)
})
