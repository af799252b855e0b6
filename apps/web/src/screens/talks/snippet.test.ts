/** One line of a message: whole characters, no line breaks, signs where there are no words. */
import { expect, test } from 'vitest'
import { snippetOf } from './snippet.ts'

const shown = (payload: object) => snippetOf({ state: { type: 'shown', payload: payload as never } })

test('words stand in one line', () => {
  expect(shown({ text: ' Hello\n\n  world ' })).toEqual({ type: 'text', text: 'Hello world' })
})

test('signs that form a text are left out', () => {
  expect(shown({ text: 'See *you* at [eight](https://example.org)' })).toEqual({
    type: 'text',
    text: 'See you at eight',
  })
  expect(shown({ text: 'He dies', cw: 'The *end*' })).toEqual({ type: 'text', text: 'The *end*' })
})

test('long ones are cut between characters, never through one', () => {
  const family = '👨‍👩‍👧'
  expect(shown({ text: family.repeat(200) })).toEqual({ type: 'text', text: `${family.repeat(159)}…` })
})

test('of what stands behind a warning, the warning alone is told', () => {
  expect(shown({ text: 'He dies', cw: 'The end of\nthe film' })).toEqual({
    type: 'text',
    text: 'The end of the film',
  })
  expect(shown({ text: 'Hello', cw: ' ' })).toEqual({ type: 'text', text: 'Hello' })
})

test('without words a sign says what it is', () => {
  expect(shown({ text: '', attachments: [{ type: 'image' }] })).toEqual({ type: 'sign', sign: 'picture' })
  expect(shown({ text: '', attachments: [{ type: 'media' }] })).toEqual({ type: 'sign', sign: 'file' })
  expect(snippetOf({ state: { type: 'missing' } })).toEqual({ type: 'sign', sign: 'missing' })
  expect(snippetOf({ state: { type: 'erased' } })).toEqual({ type: 'sign', sign: 'gone' })
})
