/**
 * Runs the simulation from seeds.
 *
 *     npm run simulate -- --peers 20 --seed 7 --picture run.html      npm run simulate -- --peers 20 --seeds 100 --jobs 2
 *
 * Ends with 1 when an invariant is broken, and says how to have that run again.
 *
 * @module
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { drawPicture } from '@effigy/testkit/simulator'
import { runAccounts } from './accounts.ts'
import { runOne } from './one.ts'
import { helpText, parseOptions } from './options.ts'
import { runSeeds } from './seeds.ts'
import { summarize } from './summary.ts'

const { values } = parseArgs({
  options: {
    peers: { type: 'string' },
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string' },
    jobs: { type: 'string' },
    faults: { type: 'string' },
    without: { type: 'string' },
    break: { type: 'string' },
    picture: { type: 'string' },
    trace: { type: 'boolean' },
    accounts: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})

const options = values.help === true ? null : parseOptions(values)
if (options === null || typeof options === 'string') {
  if (options !== null) console.error(options)
  console.log(helpText)
  process.exitCode = options === null ? 0 : 2
} else if (values.accounts === true) {
  const verdict = await runAccounts(options.seed, options.seeds, (line) => console.error(line))
  console.log(JSON.stringify(verdict))
  process.exitCode = verdict.broken.length > 0 ? 1 : 0
} else if (options.seeds === null) {
  const outcome = await runOne(options, options.seed)
  if (options.trace) {
    for (const { atMs, kind, who, what } of outcome.recent) {
      console.log(`${(atMs / 1000).toFixed(3).padStart(9)} ${kind.padEnd(8)} ${who.padEnd(6)} ${what}`)
    }
  }
  console.log(summarize(outcome, options))
  if (options.picture !== null) {
    writeFileSync(options.picture, drawPicture(outcome))
    console.log(`picture: ${options.picture}`)
  }
  process.exitCode = outcome.violations.length > 0 ? 1 : 0
} else {
  const verdict = await runSeeds(options, (line) => console.error(line))
  console.log(JSON.stringify(verdict))
  process.exitCode = verdict.broken > 0 ? 1 : 0
}
