import { createPhrase } from '@effigy/core'
import { expect, test } from 'vitest'
import { secretIn } from './secret-in.ts'

const random = (length: number): Uint8Array => new Uint8Array(length).map((_, at) => (at * 37 + 11) % 256)
const words = createPhrase(random)
const long = createPhrase(random, 24)

test('[T14] words of an account are found, however they are written down', async () => {
  const list = words.split(' ')
  for (const text of [
    words,
    words.toUpperCase(),
    `my words are: ${words}, keep them`,
    list.map((word, at) => `${at + 1}. ${word}`).join('\n'),
    list.join(', '),
    `Look at ${long}`,
  ])
    expect(await secretIn(text)).toBe('secret-words')
})

test('words that are none, or not all of them, are what everybody may say', async () => {
  const list = words.split(' ')
  for (const text of [
    '',
    list.slice(0, 11).join(' '),
    // Their sum is wrong.
    'abandon '.repeat(12),
    'There was once upon a time a king who had twelve daughters, each one more beautiful than the other.',
    'https://a.example/page#section effigy-invite-abcdefghijklmnop',
  ])
    expect(await secretIn(text)).toBeNull()
})

test('links that open something are found', async () => {
  for (const text of [
    'scan this: effigy-link-1-Ab_defghijklmnopqrst',
    'https://hub.example/admin/#abcdefghijklmnop-_XY',
    'AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQ',
  ])
    expect(await secretIn(text)).toBe('secret-link')
})

test('[T16] a text as long as may be is looked at in no time', async () => {
  expect(await secretIn('abandon ability zebras '.repeat(5_000))).toBeNull()
})
