/**
 * `npm run bench -- NAME`: prints one JSON line a figure, `{name, value, unit, ratio, of}`,
 * the ratio to a limit of the machine measured in the same run.
 *
 * @module
 */
import { readdirSync } from 'node:fs'
import type { Figure } from './figure.ts'

const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))
/** Options, and numbers behind them, are for the benchmark itself. */
const wanted = process.argv.slice(2).filter((argument) => !/^[-0-9]/.test(argument))
const unknown = wanted.filter((name) => !names.includes(name))

if (wanted.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) process.stderr.write(`unknown: ${unknown.join(', ')}\n`)
  process.stderr.write(`usage: npm run bench -- NAME…   one of: ${names.join(', ')}\n`)
  process.exit(2)
}

/** Whoever reads has what they wanted, as `head` does: what is under way cleans up behind itself, and nothing more is measured. */
let isRead = true
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  isRead = false
})

for (const name of wanted) {
  if (!isRead) break
  const { bench } = (await import(`./${name}.bench.ts`)) as { bench: () => AsyncIterable<Figure> }
  for await (const figure of bench()) {
    await new Promise<void>((resolve) => process.stdout.write(`${JSON.stringify(figure)}\n`, () => resolve()))
    if (!isRead) break
  }
}
