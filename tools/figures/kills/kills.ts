/**
 * kill -9 at random points of writing (RELIABILITY, figures): nothing acknowledged is lost, no fork is made.
 *
 *     lanes × (home ─ life, kill, inspect ─ life, kill, inspect ─ … ─▶ next home)
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom } from '@effigy/testkit'
import { createFailures, type Figure, replay } from '../figure.ts'
import { createFriend, inspectHome } from './inspect.ts'
import { createLedger } from './ledger.ts'
import { type Death, fillCache, type Lifetime, prepareLifetime } from './lifetime.ts'

/** Lives of one home: later ones find a longer feed. */
const livesOfHome = 12

/** One dies after so many lines at most: some twenty operations. */
const maxLines = 60

/** And so long after the last of them at most, ms: within the operations that were under way. */
const maxLateMs = 15

/** The longest time from the order to a death that may come before the home is open, ms. */
const maxOpeningMs = 250

export const kills: Figure = {
  name: 'kills',
  what: 'kill -9 at random points of opening and writing (four writers at once: notes, pictures, files, edits, deletes, erases), reopened and read by a friend',
  unit: 'kills',
  short: 100,
  long: 10_000,
  notCovered: 'power loss: what the process wrote stays in the page cache (see `faults`)',
  async run({ n, seed, tell = () => {} }) {
    const random = createRandom(seed)
    const failures = createFailures()
    const counts = {
      'acknowledged operations lost': 0,
      forks: 0,
      'false alarms of a restored disk': 0,
      'operations acknowledged': 0,
      'killed while opening': 0,
    }
    let started = 0
    let done = 0
    let homes = 0

    const root = mkdtempSync(join(tmpdir(), 'effigy-kills-'))
    const cache = join(root, 'cache')

    async function lane(): Promise<void> {
      let next: Lifetime = prepareLifetime(cache)
      try {
        while (started < n) {
          const number = homes++
          const chance = random.fork(`home ${number}`)
          const home = join(root, `home-${number}`)
          await using friend = await createFriend()
          const ledger = createLedger()
          const checked = new Set<never>()
          try {
            for (let life = 0; life < livesOfHome && started < n; life++) {
              started++
              const current = next
              next = prepareLifetime(cache)
              const death: Death = chance.chance(0.2)
                ? { lines: 0, ms: chance.integer(maxOpeningMs) }
                : { lines: 1 + chance.integer(maxLines), ms: chance.integer(maxLateMs) }
              const order = { home, seed: `${chance.seed}/life ${life}`, writers: 4 }
              const events = await current.live(order, death)
              const before = ledger.acknowledged
              const told = ledger.take(events)
              counts['operations acknowledged'] += ledger.acknowledged - before
              if (!events.some(({ type }) => type === 'opened')) counts['killed while opening']++
              const where = `home ${number} life ${life}, ${death.ms} ms after ${death.lines} lines; ${replay('kills', n, seed)} (by chance of time)`
              for (const failure of told) failures.add(`${failure}; ${where}`)
              const found = await inspectHome(home, ledger, friend, checked)
              counts['acknowledged operations lost'] += found.lost
              counts.forks += found.forks
              counts['false alarms of a restored disk'] += found.falseAlarms
              for (const failure of found.failures) failures.add(`${failure}; ${where}`)
              tell(++done)
            }
          } finally {
            rmSync(home, { recursive: true, force: true })
          }
        }
      } finally {
        await next[Symbol.asyncDispose]()
      }
    }

    // More than processors: each waits for its disk most of the time.
    const lanes = Math.min(3, availableParallelism() + 1)
    try {
      // A child that wrote the cache would be killed in it: the first one only fills it.
      await fillCache(cache)
      await Promise.all(Array.from({ length: lanes }, lane))
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
    return { counts, failures: failures.list }
  },
}
