/**
 * Runs figures and writes their lines.
 *
 *     npm run figures -- kills --n 10000      npm run figures -- all      npm run figures -- all --long
 *
 * Ends with 1 when something failed; the line is written nevertheless, and says so.
 *
 * @module
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { figures } from './catalogue.ts'
import { withFigure } from './document.ts'
import type { Figure } from './figure.ts'

const document = new URL('../../FIGURES.md', import.meta.url)

const help = `usage: npm run figures -- NAME… [--n N] [--seed TEXT] [--long]

${figures.map(({ name, what, short, long, unit }) => `  ${name.padEnd(10)} ${what} (${short} ${unit}; long: ${long})`).join('\n')}
  all        every one of them
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { n: { type: 'string' }, seed: { type: 'string' }, long: { type: 'boolean' } },
})

async function runFigure(figure: Figure): Promise<boolean> {
  const n = values.n === undefined ? (values.long === true ? figure.long : figure.short) : Number(values.n)
  // It stands in a table and in a command: nothing to quote.
  const seed = values.seed ?? '1'
  if (!(Number.isSafeInteger(n) && n > 0) || !/^[\w./-]+$/.test(seed)) {
    console.error('--n is a whole number above 0, --seed of letters, digits, and . / - _')
    return false
  }
  const started = performance.now()
  let told = 0
  const outcome = await figure.run({
    n,
    seed,
    tell(done) {
      if (performance.now() - told < 5_000) return
      told = performance.now()
      console.error(`${figure.name}: ${done} of ${n}`)
    },
  })
  for (const failure of outcome.failures) console.error(`${figure.name}: FAILED ${failure}`)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.error(`${figure.name}: ${n} ${figure.unit} in ${seconds} s: ${JSON.stringify(outcome.counts)}`)
  const text = existsSync(document) ? readFileSync(document, 'utf8') : ''
  const order = figures.map(({ name }) => name)
  writeFileSync(document, withFigure(text, figure, { n, seed, outcome }, order))
  return outcome.failures.length === 0
}

const chosen = positionals.includes('all')
  ? figures
  : figures.filter(({ name }) => positionals.includes(name))
const unknown = positionals.filter(
  (name) => name !== 'all' && !figures.some((figure) => figure.name === name),
)
if (chosen.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) console.error(`there is no figure ${unknown.join(', ')}`)
  console.error(help)
  process.exitCode = 2
} else {
  for (const figure of chosen) if (!(await runFigure(figure))) process.exitCode = 1
}
