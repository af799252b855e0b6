/** Texts with parts are cut before they are filled: nothing that is put in becomes a part. */
import { expect, test } from 'vitest'
import { pseudo } from './pseudo.ts'
import { cut } from './rich.tsx'

test('a text is cut at its parts', () => {
  expect(cut('Hello <who/>, <link>see {{count}}</link>.')).toEqual([
    { tag: null, text: 'Hello ' },
    { tag: 'who', text: '' },
    { tag: null, text: ', ' },
    { tag: 'link', text: 'see {{count}}' },
    { tag: null, text: '.' },
  ])
})

test('what is no whole part stays text', () => {
  expect(cut('1 < 2 <b>and</i>')).toEqual([{ tag: null, text: '1 < 2 <b>and</i>' }])
  expect(cut('')).toEqual([])
})

test('the pseudo-locale changes every letter that it can, and no part and no place', () => {
  expect(pseudo('Save <b>all</b> of {{count}}')).toMatch(/^\[Šåvé <b>åll<\/b> öf \{\{count\}\}·~+\]$/)
})
