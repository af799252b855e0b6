/**
 * Two tabs over one store that are loaded again and closed at random moments while both write (issue 7, T2): one of them
 * has the peer, always, and nothing acknowledged is lost.
 *
 *     two tabs write ─ one or both load again ─ either closes ─ the other goes on, and closes ─ inspected ─▶ next round
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
import { createHome, type Home, until, type WritingTab } from './home.ts'

/** Rounds over one home: later ones find a longer feed. */
const roundsOfHome = 10

/** Between two things that happen: so many events at most, two an operation, and so long after the last of them, ms. */
const maxEvents = 60
const maxLateMs = 15

const lateNewsMs = 500

export const tabRounds: Figure = {
  name: 'tab-rounds',
  what: 'two tabs of Chromium over one store, both writing: one or both loaded again at random points, either closed, the other goes on with the peer and is closed [T2]',
  unit: 'rounds',
  short: 10,
  long: 300,
  notCovered: 'power loss; other browsers; more than two tabs',
  async run({ n, seed, tell = () => {} }) {
    if (noBrowser !== null) throw new Error(noBrowser)
    const random = createRandom(seed)
    const failures = createFailures()
    const counts = {
      'acknowledged operations lost': 0,
      'faults of the database': 0,
      forks: 0,
      'times without one leader': 0,
      'operations acknowledged': 0,
      reloads: 0,
      'times the tab with the peer was closed': 0,
    }
    await using owned = new AsyncDisposableStack()
    const profile = mkdtempSync(join(tmpdir(), 'effigy-tabs-'))
    owned.defer(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }))
    const app = owned.use(await serveApp(join(import.meta.dirname, 'page')))
    let browser: TestBrowser = await openBrowser(app, profile)
    owned.defer(() => browser[Symbol.asyncDispose]())

    for (let number = 0, done = 0; done < n; number++) {
      await using home = await createHome(`home-${number}`)
      for (let round = 0; round < roundsOfHome && done < n; round++, done++) {
        const where = `round ${done}; ${replay('tab-rounds', n, seed)} (by chance of time)`
        try {
          const { reloads, unled, ledClosed } = await live(home, browser, random.fork(`round ${done}`))
          counts.reloads += reloads
          counts['times without one leader'] += unled
          counts['times the tab with the peer was closed'] += ledClosed ? 1 : 0
          if (unled > 0) failures.add(`no peer, or more than one; ${where}`)
          const verdict = await home.inspect(browser, app)
          counts['acknowledged operations lost'] += verdict.lost
          counts['faults of the database'] += verdict.damaged
          counts.forks += verdict.forks
          for (const failure of verdict.failures) failures.add(`${failure}; ${where}`)
        } catch (cause) {
          failures.add(`${cause}; ${where}`)
          await browser[Symbol.asyncDispose]()
          browser = await openBrowser(app, profile)
        }
        tell(done + 1)
      }
      counts['operations acknowledged'] += home.acknowledged
    }
    return { counts, failures: failures.list }
  },
}

interface Lived {
  readonly reloads: number
  /** Looks at which not exactly one tab had the peer, though both were open. */
  readonly unled: number
  readonly ledClosed: boolean
}

/** One round, until both tabs are closed. */
async function live(home: Home, browser: TestBrowser, chance: Random): Promise<Lived> {
  const tabs = [await home.openTab(browser), await home.openTab(browser)]
  let lives = 0
  let unled = 0
  const goOn = async (tab: WritingTab): Promise<void> => {
    const { identity, continuity, isGone } = await tab.open()
    if (identity !== home.identity) throw new Error('the tabs have different peers')
    if (continuity !== 'continued' || isGone)
      throw new Error('the peer takes its own disk for a restored one')
    const firstId = lives++ * 1_000_000
    await tab.write({ seed: `${chance.seed}/${firstId}`, writers: 2, firstId })
  }
  const soon = async (): Promise<void> => {
    await home.told(home.events.length + 1 + chance.integer(maxEvents))
    await wait(chance.integer(maxLateMs))
  }
  const look = async (): Promise<void> => {
    const isLed = (): boolean => tabs.filter(hasPeer).length === 1
    // That a worker has ended may be told a moment later.
    if (!isLed()) await wait(lateNewsMs)
    if (!isLed()) unled++
  }

  await Promise.all(tabs.map((tab) => tab.open()))
  await home.followed()
  await Promise.all(tabs.map(goOn))
  await look()
  await soon()
  const reloaded = chance.chance(0.3) ? tabs : [chance.pick(tabs)]
  await Promise.all(reloaded.map(({ tab }) => tab.page.reload()))
  await Promise.all(reloaded.map(goOn))
  await look()
  await soon()
  const closed = chance.pick(tabs)
  const left = tabs.filter((tab) => tab !== closed)
  const ledClosed = hasPeer(closed)
  await closed.tab.close()
  // Whoever is left has it.
  await until(
    () => left.every(hasPeer),
    () => 'nobody has the peer',
  )
  await soon()
  for (const { tab } of left) await tab.close()
  return { reloads: reloaded.length, unled, ledClosed }
}

const hasPeer = ({ tab }: WritingTab): boolean =>
  tab.page.workers().some((worker) => worker.url().includes('peer.worker'))
