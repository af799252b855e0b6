/**
 * The web app as a browser gets it: what it loads before anything is asked for, and what Lighthouse says of it.
 *
 *     hub ─▶ Chromium ─▶ KB of scripts until the first run stands; Home after it ─▶ scores
 *
 * @module
 */
import { chromium } from 'playwright'
import { freePort } from '../tools/app-kit/free-port.ts'
import { openBrowsers } from '../tools/app-kit/person.ts'
import { type AppWorld, openAppWorld } from '../tools/app-kit/world.ts'
import { chromiumArguments, chromiumPath } from '../tools/browser-kit/chromium.ts'
import { type Figure, figure } from './figure.ts'

/** KB of scripts, gzipped, as issue 8 asks. */
const askedKilobytes = 250

export async function* bench(): AsyncIterable<Figure> {
  await using world = await openAppWorld()
  yield* scripts(world)
  yield* lighthouseScores(world)
}

async function* scripts(world: AppWorld): AsyncIterable<Figure> {
  await using browsers = await openBrowsers()
  const person = await browsers.arrive(world, { path: 'icon.svg' })
  const session = await person.context.newCDPSession(person.page)
  await session.send('Network.enable')
  let bytes = 0
  session.on('Network.responseReceived', ({ response, type }) => {
    // Those of the peer's worker, and of the time without a network, come behind it.
    if (type !== 'Script' || /worker/.test(response.url)) return
    const length = Object.entries(response.headers).find(([name]) => name.toLowerCase() === 'content-length')
    bytes += Number(length?.[1] ?? 0)
  })
  // As who has no Brotli gets it.
  await session.send('Network.setExtraHTTPHeaders', { headers: { 'accept-encoding': 'gzip' } })
  await person.page.goto(world.origin)
  await person.page.locator('form').waitFor()
  const first = bytes / 1_000
  yield figure('app.scripts.first-run', first, 'KB gz', limit(first))
  await person.start('Ada')
  await person.page.locator('h1').waitFor({ state: 'attached' })
  const home = bytes / 1_000
  yield figure('app.scripts.home', home, 'KB gz', limit(home))
  await person.context.close()
}

const limit = (kilobytes: number) => ({ ratio: kilobytes / askedKilobytes, of: `${askedKilobytes} KB` })

async function* lighthouseScores({ origin }: AppWorld): AsyncIterable<Figure> {
  const { default: lighthouse, desktopConfig } = await import('lighthouse')
  const port = await freePort()
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [...chromiumArguments, `--remote-debugging-port=${port}`],
  })
  try {
    for (const [name, config] of [
      ['phone', undefined],
      ['desktop', desktopConfig],
    ] as const) {
      const flags = {
        port,
        output: 'json' as const,
        onlyCategories: ['performance', 'accessibility', 'best-practices'],
      }
      const result = await lighthouse(origin, flags, config)
      if (result === undefined) throw new Error('lighthouse gave nothing')
      for (const { id, score } of Object.values(result.lhr.categories)) {
        const value = Math.round((score ?? 0) * 100)
        yield figure(`app.lighthouse.${name}.${id}`, value, 'points', { ratio: value / 100, of: '100' })
      }
      for (const { id, title, score, scoreDisplayMode } of Object.values(result.lhr.audits)) {
        if (score !== null && score < 0.9 && scoreDisplayMode !== 'informative')
          process.stderr.write(`${name}: ${id}: ${title} (${score})\n`)
      }
    }
  } finally {
    await browser.close()
  }
}
