import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { document, limitNames, limitsText, undocumented } from './table.ts'

test('[T16] every limit has a name, a value and a reason in docs/limits.md, as in the source (node tools/limits/write.ts)', () => {
  expect(undocumented()).toEqual([])
  expect(readFileSync(document, 'utf8')).toBe(limitsText())
  expect(limitsText()).not.toContain('undefined')
})

test('[T16] every limit of the table is named by a test', () => {
  const tests = testTexts()
  const named = (name: string): boolean => tests.some((text) => new RegExp(`\\b${name}\\b`).test(text))
  expect(limitNames().filter((name) => !named(name))).toEqual([])
})

/** Of all test files of the packages, the applications and the tools, but this one. */
function testTexts(): readonly string[] {
  const root = new URL('../../', import.meta.url)
  return ['packages', 'apps', 'tools'].flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))
      .map((path) => readFileSync(new URL(`${folder}/${path}`, root), 'utf8')),
  )
}
