/**
 * Tabs killed while they write (issue 7, T2): nothing acknowledged is lost, no fork is made.
 *
 *     profile ─ tab opens, writes, dies ─ inspected ─ tab opens, … ─▶ next home
 *
 * A tab dies as its process crashes, as it is closed, and as its whole browser is killed.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createRandom, type Random } from '@effigy/testkit'
import { serveApp } from '../../browser-kit/app.ts'
import { noBrowser, openBrowser, type TestBrowser } from '../../browser-kit/browser.ts'
import { createFailures, type Figure, replay } from '../figure.ts'
import { createHome, type Home, type WritingTab } from './home.ts'

/** Lives of one home: later ones find a longer feed. */
const livesOfHome = 10

/** One dies after so many events at most, two an operation, and so long after the last of them, ms. */
const maxEvents = 300
const maxLateMs = 15

/** The longest time from the page's load to a death that comes before it writes, ms. */
const maxOpeningMs = 400

const ways = ['crash', 'close', 'crash', 'browser', 'close'] as const

export const tabKills: Figure = {
  name: 'tab-kills',
  what: 'a tab of Chromium that publishes, edits, deletes and erases killed at random points of opening and writing, its process, its page or the whole browser: reopened, and followed by a peer in Node [T2]',
  unit: 'kills',
  short: 20,
  long: 300,
  notCovered: 'power loss; other browsers',
  async run({ n, seed, tell = () => {} }) {
    if (noBrowser !== null) throw new Error(noBrowser)
    const random = createRandom(seed)
    const failures = createFailures()
    const counts = {
      'acknowledged operations lost': 0,
      'faults of the database': 0,
      forks: 0,
      'false alarms of a restored disk': 0,
      'operations acknowledged': 0,
      'killed while opening': 0,
      'killed with the whole browser': 0,
    }
    await using owned = new AsyncDisposableStack()
    const profile = mkdtempSync(join(tmpdir(), 'effigy-tabs-'))
    owned.defer(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }))
    const app = owned.use(await serveApp(join(import.meta.dirname, 'page')))
    let browser: TestBrowser | null = null
    owned.defer(() => browser?.[Symbol.asyncDispose]())

    for (let number = 0, done = 0; done < n; number++) {
      await using home = await createHome(`home-${number}`)
      for (let life = 0; life < livesOfHome && done < n; life++, done++) {
        const chance = random.fork(`life ${done}`)
        const way = ways[done % ways.length] ?? 'crash'
        try {
          browser ??= await openBrowser(app, profile)
          const tab = await home.openTab(browser)
          const lived = await live(home, tab, chance)
          counts['false alarms of a restored disk'] += lived === 'doubted' ? 1 : 0
          counts['killed while opening'] += lived === 'opening' ? 1 : 0
          if (way === 'browser') {
            await killBrowser(browser)
            browser = null
            counts['killed with the whole browser']++
          } else {
            await tab.tab[way]()
          }
          browser ??= await openBrowser(app, profile)
          const verdict = await home.inspect(browser, app)
          counts['acknowledged operations lost'] += verdict.lost
          counts['faults of the database'] += verdict.damaged
          counts.forks += verdict.forks
          for (const failure of verdict.failures) failures.add(`${failure}; ${where()}`)
        } catch (cause) {
          failures.add(`${cause}; ${where()}`)
          await browser?.[Symbol.asyncDispose]()
          browser = null
        }
        tell(done + 1)

        function where(): string {
          return `life ${done}, ${way}; ${replay('tab-kills', n, seed)} (by chance of time)`
        }
      }
      counts['operations acknowledged'] += home.acknowledged
    }
    return { counts, failures: failures.list }
  },
}

/** Until it is to die. `doubted`: the peer takes its own disk for a restored one. */
async function live(home: Home, tab: WritingTab, chance: Random): Promise<'wrote' | 'opening' | 'doubted'> {
  if (chance.chance(0.2)) {
    // It dies under way.
    tab.open().catch(() => {})
    await wait(chance.integer(maxOpeningMs))
    return 'opening'
  }
  const { persistence, continuity, isGone } = await tab.open()
  if (persistence !== 'durable') throw new Error(`kept in ${persistence}`)
  await home.followed()
  await tab.write({ seed: chance.seed, writers: 4, firstId: 0 })
  await home.told(1 + chance.integer(maxEvents))
  await wait(chance.integer(maxLateMs))
  return continuity !== 'continued' || isGone ? 'doubted' : 'wrote'
}

/** SIGKILL of the browser that is ours; its tabs end when it is gone. */
async function killBrowser({ context }: TestBrowser): Promise<void> {
  const session = await context.browser()?.newBrowserCDPSession()
  const answer = await session?.send('SystemInfo.getProcessInfo')
  const id = answer?.processInfo.find(({ type }) => type === 'browser')?.id
  if (id === undefined) throw new Error('the browser has no process')
  const gone = new Promise<void>((resolve) => context.once('close', () => resolve()))
  process.kill(id, 'SIGKILL')
  await gone
}
