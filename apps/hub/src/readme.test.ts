import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { flagOf, optionKeys, options, variableOf } from './config/options.ts'
import { exitCodes } from './failure.ts'
import { helpText } from './help.ts'

/** Cells of all tables by the first one, without marks. */
const rows = new Map(
  readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.replaceAll(/[`,]/g, '').split('|').slice(1, -1))
    .map(([first = '', ...cells]) => [first.trim(), cells.map((cell) => cell.trim())] as const),
)

test.for(optionKeys)('%s stands in README and help with its flag, variable and default', (key) => {
  const shown = (options[key].kind.show as (value: unknown) => string)(options[key].fallback)
  const standard = key === 'home' ? '~/.effigy/hub' : shown
  expect(rows.get(key)?.slice(0, 3)).toEqual([`--${flagOf(key)}`, variableOf(key), standard])
  expect(helpText()).toContain(`--${flagOf(key)} `)
})

test('exit codes stand in the README', () => {
  for (const code of Object.values(exitCodes)) expect(rows.has(String(code)), `${code}`).toBe(true)
})
