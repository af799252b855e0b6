/** What is read as Markdown, and what would take too long to be (T3, T9). */
import type { Parent } from 'mdast'
import { expect, test } from 'vitest'
import { saidTree } from './said-tree.ts'

const isPlain = (text: string): boolean => {
  const [only, ...more] = saidTree(text).children
  const inside = (only as Parent | undefined)?.children ?? []
  return more.length === 0 && only?.type === 'paragraph' && inside.length === 1 && inside[0]?.type === 'text'
}

test.for([
  ['emphasis that never ends', '*a_ '.repeat(32_000)],
  ['emphasis in one paragraph', '**a*b'.repeat(300)],
  ['emphasis in many paragraphs', `${'*a '.repeat(100)}\n\n`.repeat(30)],
  ['quotes in quotes', '>'.repeat(8_000)],
  ['quotes and lists in each other', '- > '.repeat(40)],
  ['numbered lists in each other', '1. '.repeat(20)],
  ['very many headings', '# a\n'.repeat(3_000)],
  ['very many lines', 'a\n\n'.repeat(1_500)],
  ['very many lines of old machines', '- a\r'.repeat(2_100)],
  ['a book', 'It was a dark night. '.repeat(2_000)],
])('%s: shown as it was typed', ([, text]) => {
  expect(isPlain(text as string)).toBe(true)
  const [paragraph] = saidTree(text as string).children as [Parent]
  expect(paragraph.children).toMatchObject([{ value: text }])
})

test.for([
  [
    'an article',
    'Lorem *ipsum* dolor **sit**, see [this](https://b.org/a_b) `code`.\n\n- one\n- two\n\n'.repeat(90),
  ],
  ['a long list', '- milk\n'.repeat(500)],
  ['an answer to an answer', `${'> '.repeat(8)}yes`],
  ['a table drawn by hand', '--------\n| a | b |\n\n'.repeat(50)],
])('%s: read', ([, text]) => {
  expect(isPlain(text as string)).toBe(false)
})
