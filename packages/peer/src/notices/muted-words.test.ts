import type { Payload } from '@effigy/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mutedWord, wordFilter } from './muted-words.ts'

const note = (text: string, more: object = {}) => ({ type: 'public_note', at: 1, text, ...more }) as Payload

test.for([
  ['election', 'The Election!', true],
  ['election', 'elections', false],
  ['election', 'a re-election', true],
  ['new  year', 'happy new\nyear', true],
  ['#cats', 'look: #cats', true],
  ['#cats', 'cats', false],
  ['c++', 'I like C++.', true],
  ['a.b', 'axb', false],
  ['選挙', '今日は選挙です', true],
  ['straße', 'Straße 7', true],
  ['ｆｕｌｌ', 'full', true],
  ['', 'x', false],
] as const)('[S44] %j in %j: %j', ([word, text, isFound]) => {
  expect(wordFilter([word])(note(text)) !== null).toBe(isFound)
})

test('[S44] warnings, tags and descriptions are looked through too, and the word is told', () => {
  const find = wordFilter(['spoiler', '#film', 'spider'])
  expect(find(note('', { cw: 'Spoiler' }))).toBe('spoiler')
  expect(find(note('', { tags: ['Film'] }))).toBe('#film')
  expect(find(note('', { attachments: [{ type: 'image', alt: 'a spider' }] }))).toBe('spider')
  expect(find({ type: 'image', at: 1, alt: 'a spider' } as unknown as Payload)).toBe('spider')
  expect(find({ type: 'void', at: 1 } as Payload)).toBeNull()
})

test('[S44] nothing that is typed is a pattern, and none is slow', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 20, unit: 'binary' }), { maxLength: 5 }),
      fc.string(),
      (words, text) => {
        const found = wordFilter(words)(note(text))
        expect(found === null || words.some((word) => mutedWord(word) === found)).toBe(true)
      },
    ),
    { numRuns: 200 },
  )
  expect(wordFilter(['a a a a b'])(note('a '.repeat(60_000)))).toBeNull()
  expect(mutedWord('x'.repeat(97))).toBeNull()
  expect(mutedWord('a\u0000b')).toBeNull()
})
