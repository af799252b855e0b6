import type { Payload } from '@effigy/core'
import { expect, test } from 'vitest'
import { excerptOf } from './excerpt.ts'

const note = (text: string, more: object = {}) => ({ type: 'private_note', at: 1, text, ...more }) as Payload
const shown = (payload: Payload, query: string): string =>
  excerptOf(payload, query)
    .map(({ text, isMarked }) => (isMarked ? `[${text}]` : text))
    .join('')

test('a short message is one line, with what was searched for marked', () => {
  expect(shown(note('The lake was cold,\n\nbut the Soup was not.'), 'soup')).toBe(
    'The lake was cold, but the [Soup] was not.',
  )
  expect(shown(note('soup'), 'bread')).toBe('soup')
  expect(excerptOf(note(''), 'soup')).toEqual([])
})

test('of a long one what stands around the first such word is shown, by whole words', () => {
  const long = `${'many words '.repeat(40)}and soup ${'more of them '.repeat(40)}`
  const line = shown(note(long), 'sou*')
  expect(line).toMatch(/^…(words|many) .*and \[soup\] more of them/u)
  expect(line.length).toBeLessThan(200)
  // A word without spaces before it stands first.
  expect(shown(note(`${'x'.repeat(90)}.soup`), 'soup')).toBe('…[soup]')
})

test('of what stands behind a warning the warning is shown', () => {
  expect(shown(note('the soup was bad', { cw: 'Food, and soup' }), 'soup')).toBe('Food, and [soup]')
})

test('signs that form a text, and where its links lead, are no words of it', () => {
  const said =
    'Bring *soup* **tonight** to [the lake](https://example.org/soup-party)\n\n- and ~~wine~~ `bread`'
  expect(shown(note(said), 'soup tonight bread')).toBe('Bring [soup] [tonight] to the lake and wine [bread]')
  expect(shown(note(said), 'party')).toBe('Bring soup tonight to the lake and wine bread')
  expect(shown(note(`${'**many** words '.repeat(20)}and *soup*`), 'soup')).toMatch(/^…[^*]*and \[soup\]$/u)
})
