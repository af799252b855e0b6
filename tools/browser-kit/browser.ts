/**
 * A real Chromium with tabs that have the page of tests: closed, crashed and loaded again as people and machines do it.
 *
 *     openBrowser ─▶ open(tab) ─▶ tab.run((app) => app.peer.publish(…))
 *
 * @module
 */
import type { PagePeer, PeerState } from '@effigy/peer'
import { type BrowserContext, chromium, type Page } from 'playwright'
import type { BrowserApp } from './app.ts'
import { chromiumArguments, chromiumPath } from './chromium.ts'

export { noBrowser } from './chromium.ts'

export interface TabOptions {
  /** Of the peer; `effigy` when omitted. */
  readonly name?: string
  /** Of the app; 1 when omitted. */
  readonly version?: number
}

export interface Tab {
  readonly page: Page
  /**
   * Runs a function in the page, which gives what can be copied; it sees nothing but its arguments. Errors have the
   * code of an `EffigyError` before their words: `code: message`.
   */
  run<Argument, Value>(
    work: (app: PagePeer, argument: Argument) => Promise<Value> | Value,
    argument: Argument,
  ): Promise<Value>
  run<Value>(work: (app: PagePeer) => Promise<Value> | Value): Promise<Value>
  /** As a person closes it. */
  close(): Promise<void>
  /** Its process dies. */
  crash(): Promise<void>
}

export interface TestBrowser extends AsyncDisposable {
  readonly context: BrowserContext
  open(options?: TabOptions): Promise<Tab>
}

/** The first state of its peer that is not `starting`. */
export const settled = (tab: Tab): Promise<PeerState> =>
  tab.run(async (app) => {
    for await (const state of app.states(AbortSignal.timeout(20_000)))
      if (state.type !== 'starting') return state
    return app.state
  })

/** `profile`: a folder in which everything stays for the next browser; nothing stays when omitted. */
export async function openBrowser(app: BrowserApp, profile: string | null = null): Promise<TestBrowser> {
  const launch = {
    executablePath: chromiumPath,
    args: [
      ...chromiumArguments,
      // A tab that crashes takes no other one with it.
      '--process-per-tab',
    ],
  }
  const browser = profile === null ? await chromium.launch(launch) : null
  const context =
    browser === null
      ? await chromium.launchPersistentContext(profile ?? '', launch)
      : await browser.newContext()

  return {
    context,
    async open({ name = 'effigy', version = 1 } = {}) {
      const page = await context.newPage()
      await page.goto(`${app.url}?name=${name}&version=${version}`)
      return tabOf(page)
    },
    async [Symbol.asyncDispose]() {
      await context.close()
      await browser?.close()
    },
  }
}

function tabOf(page: Page): Tab {
  return {
    page,
    run: ((work: (...args: never[]) => unknown, argument?: unknown) =>
      page.evaluate(`(async () => {
        const work = ${work.toString()}
        try {
          return await work(globalThis.app, ${JSON.stringify(argument) ?? 'undefined'})
        } catch (reason) {
          throw new Error(reason?.code === undefined ? String(reason) : \`\${reason.code}: \${reason.message}\`)
        }
      })()`)) as Tab['run'],
    async close() {
      await page.close()
    },
    async crash() {
      const crashed = new Promise<void>((resolve) => page.once('crash', () => resolve()))
      const session = await page.context().newCDPSession(page)
      // It answers no more.
      session.send('Page.crash').catch(() => {})
      await crashed
    },
  }
}
