/**
 * Tabs of a headless Chromium with `channel-page`, and what they can do.
 *
 * @module
 */
import { type Browser, chromium, type Page } from 'playwright'
import type { BrowserApp } from '../tools/browser-kit/app.ts'

export interface ChannelTab extends AsyncDisposable {
  readonly page: Page
  /** One of the functions of `channel-page/page.js`. */
  run<Value>(name: string, argument?: unknown): Promise<Value>
}

interface OpenTab extends ChannelTab {
  readonly browser: Browser
}

/** In a browser of its own, or in that of `beside`, which ends it. */
export async function openTab(app: BrowserApp, side: 0 | 1, beside?: ChannelTab): Promise<ChannelTab> {
  const own = beside === undefined
  const browser = own
    ? await chromium.launch({
        executablePath: process.env.EFFIGY_CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      })
    : (beside as OpenTab).browser
  const context = own ? await browser.newContext() : (beside?.page.context() ?? (await browser.newContext()))
  const page = await context.newPage()
  await page.goto(`${app.url}?side=${side}`)
  const tab: OpenTab = {
    page,
    browser,
    run: (name, argument) =>
      page.evaluate(`globalThis.app[${JSON.stringify(name)}](${JSON.stringify(argument) ?? ''})`),
    async [Symbol.asyncDispose]() {
      if (own) await browser.close()
    },
  }
  return tab
}
