/** Words without the signs that form them. */
import { expect, test } from 'vitest'
import { plainText } from './plain-text.ts'

test.for([
  ['See *you* __tonight__ ~~at eight~~ `now`', 'See you tonight at eight now'],
  ['the [lake](https://example.org/lake "big") and ![a boat](ipfs://boat)', 'the lake and a boat'],
  ['look: https://example.org/a_b_c', 'look: https://example.org/a_b_c'],
  [
    '# Soup\n\n> warm\n> and good\n\n- salt\n- bread\n\n---\n\nend',
    'Soup\nwarm\nand good\nsalt\nbread\n\nend',
  ],
  ['1998. It was *cold*', '1998. It was cold'],
  ['```\na * b\n```', 'a * b'],
  [
    '2 * 3 * 4, snake_case_name, \\*this\\*, 5 < 6 &amp; more',
    '2 * 3 * 4, snake_case_name, *this*, 5 < 6 & more',
  ],
  ['one  \ntwo', 'one\ntwo'],
])('%s', ([typed, said]) => {
  expect(plainText(typed as string)).toBe(said)
})

test('what is no picture, and what is nested too deep to be meant, stays as it was typed', () => {
  expect(plainText('![](https://example.org/x.png) <b>bold</b> [^1]')).toBe(
    '![](https://example.org/x.png) <b>bold</b> [^1]',
  )
  expect(plainText(`${'>'.repeat(2_000)} deep`)).toMatch(/^>+ deep$/u)
})
