import { expect, test } from 'vitest'
import { readablePage } from './readable-page.ts'

test('[T9] nothing that somebody wrote becomes markup', () => {
  const hostile = `<script>alert(1)</script><img src=x onerror="alert(1)">' " &`
  const page = [
    ...readablePage(hostile, 'en', [
      { at: 0, text: hostile, type: 'public_note', pictures: [{ file: 'pictures/1.png', alt: hostile }] },
      { at: 1e300, text: '', type: 'public_note', pictures: [{ file: null, alt: hostile }] },
    ]),
  ].join('')
  expect(page.match(/<(script|img)/g)).toEqual(['<img'])
  expect(page).not.toMatch(/onerror="/)
  expect(page.match(/<article>/g)).toHaveLength(2)
})
