/** What the documents tell people to type is understood: options, names of commands, how many words (README.md, apps/cli/README.md). */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createProgram } from './program.ts'

const root = new URL('../../../', import.meta.url)

/** Commands of a document, as words behind `effigy`; comments and other programs left out. */
function commandsIn(path: string): readonly (readonly [string, readonly string[]])[] {
  const lines = readFileSync(new URL(path, root), 'utf8').split('\n')
  return lines
    .filter((line) => line.startsWith('    '))
    .flatMap((line) => line.replace(/\s#\s.*$/, '').split('&&'))
    .map((command) => command.trim().replace(/^(?:npx |npm run -s )?effigy (?:-- )?/, 'effigy '))
    .filter((command) => command.startsWith('effigy '))
    .map((command) => [command, wordsOf(command.slice('effigy '.length))] as const)
}

const wordsOf = (command: string): readonly string[] =>
  Array.from(command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g), ([, one, two, bare]) => one ?? two ?? bare ?? '')

const documents = ['README.md', 'apps/cli/README.md']

test.for(documents.flatMap((path) => commandsIn(path).map((command) => [path, ...command] as const)))(
  '%s: %s',
  async ([, , words]) => {
    let isRun = false
    const said: string[] = []
    const out = { write: (text: string) => said.push(text) > 0 } as unknown as NodeJS.WriteStream
    const program = createProgram({ stdout: out, stderr: out }, async () => {
      isRun = true
    })
    await expect(program.parseAsync(words, { from: 'user' }), said.join('')).resolves.toBeDefined()
    expect(isRun).toBe(true)
  },
)

test('each document has commands', () => {
  for (const path of documents) expect(commandsIn(path).length).toBeGreaterThan(9)
})
