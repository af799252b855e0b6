/**
 * People with browsers of their own, who use the app as it is: by what they see.
 *
 *     openBrowsers() ─▶ arrive(world) ─▶ person.page (Playwright), person.start('Ada'), person.axe(), …
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { chromiumArguments, chromiumPath } from '../browser-kit/chromium.ts'
import { settled } from './settled.ts'
import type { AppWorld } from './world.ts'

export interface ArriveOptions {
  /** Behind the origin; an invite's own link, or an address inside the app. */
  readonly path?: string
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
  /** As `?lang=` takes it. */
  readonly language?: string
  /** Makes the browser another one, before it loads anything. */
  readonly prepare?: (context: BrowserContext) => Promise<void>
}

export interface AppPerson {
  readonly page: Page
  readonly context: BrowserContext
  /** What the page asked others than the hub for, and what its policy refused: nothing, ever (T9, T13). */
  readonly trouble: readonly string[]
  /** Through the first run, by its form; resolves when Home is there. */
  start(name: string): Promise<void>
  go(path: string): Promise<void>
  /** Violations of WCAG 2.2 A and AA on what is shown now, as `rule: element`. */
  axe(): Promise<readonly string[]>
  shot(file: string): Promise<void>
}

export interface Browsers extends AsyncDisposable {
  readonly browser: Browser
  /** A browser of its own, with nothing in it. */
  arrive(world: Pick<AppWorld, 'origin'>, options?: ArriveOptions): Promise<AppPerson>
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** `more`: arguments of Chromium besides those of every test. */
export async function openBrowsers(more: readonly string[] = []): Promise<Browsers> {
  const args = [...chromiumArguments, ...more]
  const browser = await chromium.launch({ executablePath: chromiumPath, args })
  return {
    browser,
    async arrive({ origin }, options = {}) {
      const { path = '', width = 390, height = 844, scheme = 'light', language = 'en' } = options
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: scheme,
        reducedMotion: 'reduce',
        locale: language === 'en-XA' ? 'en' : language,
        // Axe is put in by the test.
        bypassCSP: false,
      })
      await options.prepare?.(context)
      const page = await context.newPage()
      const trouble: string[] = []
      page.on('request', (request) => {
        const { protocol, host } = new URL(request.url())
        if (/^https?:$/.test(protocol) && host !== new URL(origin).host) trouble.push(request.url())
      })
      page.on('console', (message) => {
        if (message.type() === 'error') trouble.push(message.text())
      })
      page.on('pageerror', (error) => trouble.push(String(error)))
      const open = async (at: string): Promise<void> => {
        const url = new URL(at, origin)
        if (language === 'en-XA') url.searchParams.set('lang', language)
        await page.goto(url.href)
      }
      await open(path)
      return {
        page,
        context,
        trouble,
        async start(name) {
          await page.locator('input[autocomplete="nickname"]').fill(name)
          await page.locator('form button[type="submit"]').click()
          await page.locator('#screen').waitFor()
        },
        async go(at) {
          // Inside the app, without loading it again.
          await page.evaluate(
            `history.pushState(null, '', ${JSON.stringify(at)}); dispatchEvent(new PopStateEvent('popstate'))`,
          )
        },
        async axe() {
          // A button that was just made ready has the colours of one that is not for a frame.
          await settled(page, 3)
          return runAxe(page)
        },
        async shot(file) {
          await page.screenshot({ path: file })
        },
      }
    },
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

/** Through the debugger, which the policy of the page does not bind. */
async function runAxe(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page)
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? 'axe failed')
    return result.value
  }
  try {
    if ((await evaluate('typeof axe')) === 'undefined') await evaluate(axeSource)
    const found = await evaluate(`(async () => {
      const { violations } = await axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
        resultTypes: ['violations'],
      })
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 200)))
    })()`)
    return found as readonly string[]
  } finally {
    await session.detach()
  }
}
