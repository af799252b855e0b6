import { createPhrase, err, parsePhrase } from '@effigy/core'
import { expect, test } from 'vitest'
import { hasPhrase } from './phrase-in.ts'
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

test('[T16] however long a text is, it is looked at seldom', () => {
  const looks = (text: string): number => {
    let count = 0
    const counted: typeof parsePhrase = (typed) => {
      count++
      return parsePhrase(typed)
    }
    expect(hasPhrase(text.trim().split(' '), counted)).toBe(false)
    return count
  }
  // A word that is none of the list ends all that it is in.
  expect(looks('abandon ability zebras '.repeat(5_000))).toBeLessThanOrEqual(10_000)
  expect(looks(numbered(5_000, 'zebras'))).toBeLessThanOrEqual(10_000)
  // One after the other of the list, with the wrong sum each time.
  expect(looks('abandon ability zebra '.repeat(5_000))).toBeLessThan(20)
  const wrong: typeof parsePhrase = () => err({ code: 'phrase-checksum' })
  let count = 0
  hasPhrase(numbered(20_000, 'zebra').split(' '), (typed) => {
    count++
    return wrong(typed)
  })
  expect(count).toBe(2_000)
  // What was seen before costs no look: words behind it are found.
  expect(hasPhrase([...'abandon ability zebra '.repeat(5_000).trim().split(' '), ...words.split(' ')])).toBe(
    true,
  )
})

const numbered = (count: number, word: string): string =>
  Array.from({ length: count }, (_, at) => `${word}${at}`).join(' ')
