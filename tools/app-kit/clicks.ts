/** How often somebody pressed something in a tab, counted by the page: also over addresses of one origin. */
import type { BrowserContext, Page } from 'playwright'

const key = 'test-clicks'

/** `prepare` of `arrive`. */
export async function countClicks(context: BrowserContext): Promise<void> {
  await context.addInitScript(`addEventListener('click', ({ isTrusted }) => {
    if (isTrusted) sessionStorage.setItem('${key}', Number(sessionStorage.getItem('${key}')) + 1)
  }, true)`)
}

export async function clicksIn(page: Page): Promise<number> {
  return Number(await page.evaluate(`Number(sessionStorage.getItem('${key}'))`))
}
