import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { flagOf, optionKeys, options, variableOf } from './config/options.ts'
import { exitCodes } from './failure.ts'
import { helpText } from './help.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test.for(optionKeys)('%s stands in README and help with its flag, variable and default', (key) => {
  const row = readme.split('\n').find((line) => line.startsWith(`| \`${key}\` | `))
  expect(row).toContain(`\`--${flagOf(key)}\` | \`${variableOf(key)}\``)
  const shown = (options[key].kind.show as (value: unknown) => string)(options[key].fallback)
  expect(row?.replaceAll(/[,`]/g, '').split(' | ')[3]).toContain(shown)
  expect(helpText()).toContain(`--${flagOf(key)} `)
})

test('exit codes stand in the README', () => {
  for (const code of Object.values(exitCodes)) expect(readme).toContain(`\n| ${code} | `)
})
