import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { document, limitsText, undocumented } from './table.ts'

test('[T16] every limit has a name, a value and a reason in docs/limits.md, as in the source (node tools/limits/write.ts)', () => {
  expect(undocumented()).toEqual([])
  expect(readFileSync(document, 'utf8')).toBe(limitsText())
  expect(limitsText()).not.toContain('undefined')
})
