import { expect, test } from 'vitest'
import { createKeptTexts } from './kept-texts.ts'

test('texts are kept up to 4 Mi units, and room comes back as they go', () => {
  const kept = createKeptTexts()
  const text = 'x'.repeat(1024 * 1024 - 64)
  for (let entry = 1; entry <= 5; entry++) kept.keep(entry, text)
  expect([1, 2, 3, 4, 5].map((entry) => kept.of(entry) === text)).toEqual([true, true, true, true, false])
  kept.drop(2)
  kept.drop(2)
  kept.keep(5, text)
  expect(kept.of(5)).toBe(text)
  kept.keep(1, 'shorter')
  expect(kept.of(1)).toBe('shorter')
  kept.keep(1, `${text}${text}`)
  expect(kept.of(1)).toBeNull()
  kept.clear()
  kept.keep(6, `${text}${text}`)
  expect(kept.of(6)).toHaveLength(2 * text.length)
})
