/** Names and tags in what somebody writes. */
import type { Mention } from '@effigy/core'
import { expect, test } from 'vitest'
import { byteLength, mentionsIn, namedAt, tagsIn, withName } from './note-text.ts'

test.for([
  ['Hello @Ad', { start: 6, typed: 'Ad' }],
  ['@', { start: 0, typed: '' }],
  ['(@ü', { start: 1, typed: 'ü' }],
  ['mail@example', null],
  ['@Ada ', null],
  [`@${'a'.repeat(40)}`, null],
  ['', null],
] as const)('the name typed at the end of %j', ([text, expected]) => {
  expect(namedAt(text, text.length)).toEqual(expected)
})

test('a name takes the place of what was typed, and one goes on behind it', () => {
  expect(withName('Hi @Ad, there', { start: 3, typed: 'Ad' }, 'Ada L.')).toEqual({
    text: 'Hi @Ada L. , there',
    caret: 11,
  })
  expect(withName('Hi @Ad there', { start: 3, typed: 'Ad' }, 'Ada')).toEqual({
    text: 'Hi @Ada there',
    caret: 8,
  })
})

test('who was taken out of the text again is not named', () => {
  const of = (name: string) => ({ identity: name, root: null, name }) as unknown as Mention
  const text = 'Dear @Ada and @Bo'
  expect(mentionsIn(text, [of('Ada'), of('Cleo'), of('Bo'), of('Ada')]).map(({ name }) => name)).toEqual([
    'Ada',
    'Bo',
  ])
})

test('tags: of any script, each once, no numbers, not inside of words', () => {
  expect(tagsIn('#bread and #Bread, a#b #2026 #خبز (#two-words) ##x')).toEqual(['bread', 'خبز', 'two-words'])
})

test('bytes as the limit counts them', () => expect(byteLength('aé☃')).toBe(6))
