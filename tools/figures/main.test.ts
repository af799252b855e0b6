import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { figures } from './catalogue.ts'

test('the figures run without a test runner too', () => {
  const main = new URL('./main.ts', import.meta.url).pathname
  const { status, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8', timeout: 60_000 })
  for (const { name } of figures) expect(stderr).toContain(`  ${name} `)
  expect(status).toBe(2)
})
