/** A browser without explicit resource management, as every Safari of 2026 is: the app as it is built runs there (docs/browsers.md). */
import type { BrowserContext } from 'playwright'
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { withApp } from './with-app.ts'

const app = withApp()

/** What such a browser lacks is taken away before anything of the app runs, in the page and in each worker. */
const older = `
const { Symbol: known } = globalThis
function Older(text) { return known(text) }
for (const name of Object.getOwnPropertyNames(known))
  if (!['dispose', 'asyncDispose'].includes(name))
    Object.defineProperty(Older, name, Object.getOwnPropertyDescriptor(known, name))
globalThis.Symbol = Older
for (const name of ['DisposableStack', 'AsyncDisposableStack', 'SuppressedError']) delete globalThis[name]
`

async function makeOlder(context: BrowserContext): Promise<void> {
  await context.route('**/older.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: older }),
  )
  await context.route('**/assets/*.js', async (route) => {
    const response = await route.fetch()
    const body = `import '/older.js';\n${await response.text()}`
    await route.fulfill({ response, body })
  })
}

describe.skipIf(noBrowser !== null)('a browser of a year ago', () => {
  test('begins, writes, and has it all after a load', async () => {
    const ada = await app.browsers.arrive(app.world, { prepare: makeOlder })
    const { page } = ada
    expect(
      await page.evaluate(`[typeof DisposableStack, Symbol.dispose === Symbol.for('Symbol.dispose')]`),
    ).toEqual(['undefined', true])
    await ada.start('Ada')
    await page.getByRole('textbox', { name: 'Say something to your friends' }).fill('From an older browser')
    await page.getByRole('button', { name: 'Post' }).click()
    const note = page.getByRole('article').getByText('From an older browser')
    await note.waitFor()
    await page.reload()
    await note.waitFor()
    expect(ada.trouble).toEqual([])
    await ada.context.unrouteAll({ behavior: 'ignoreErrors' })
    await ada.context.close()
  })
})
