/** A browser that knows no more than the oldest one that is promised (docs/app.md): the app as it is built runs there. */
import { join } from 'node:path'
import type { BrowserContext } from 'playwright'
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { settled } from './settled.ts'
import { withApp } from './with-app.ts'

const app = withApp()
const picture = join(import.meta.dirname, '../../docs/pictures/album-phone.png')

/**
 * What such browsers lack is taken away before anything of the app runs, in the page and in each worker: `using`, which no Safari
 * of 2026 knows, helpers of iterators (Safari 18.4), and what came later or never to one of them.
 */
const older = `
const { Symbol: known } = globalThis
function Older(text) { return known(text) }
for (const name of Object.getOwnPropertyNames(known))
  if (!['dispose', 'asyncDispose'].includes(name))
    Object.defineProperty(Older, name, Object.getOwnPropertyDescriptor(known, name))
globalThis.Symbol = Older
const iterators = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))
for (const [from, names] of [
  [globalThis, ['DisposableStack', 'AsyncDisposableStack', 'SuppressedError', 'Iterator', 'requestIdleCallback', 'scheduler']],
  [iterators, ['map', 'filter', 'take', 'drop', 'flatMap', 'reduce', 'toArray', 'forEach', 'some', 'every', 'find']],
  [Uint8Array, ['fromBase64', 'fromHex']],
  [Uint8Array.prototype, ['toBase64', 'toHex', 'setFromBase64', 'setFromHex']],
  [Promise, ['try']],
  [RegExp, ['escape']],
  [Error, ['isError']],
  [Math, ['sumPrecise', 'f16round']],
  [Map.prototype, ['getOrInsert', 'getOrInsertComputed']],
  [Blob.prototype, ['bytes']],
  [Response.prototype, ['bytes']],
  [ReadableStream.prototype, [known.asyncIterator, 'values']],
]) for (const name of names) delete from[name]
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
    // A picture goes through a worker of its own.
    await ada.go('/new')
    await page.getByRole('textbox').first().fill('With a picture')
    await page.locator('input[type=file]').first().setInputFiles(picture)
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    await page
      .getByRole('article')
      .filter({ hasText: 'With a picture' })
      .locator('img[src^="blob:"]')
      .waitFor()
    const screens = [
      'people',
      'talks',
      'albums',
      'news',
      'search',
      'devices',
      'account',
      'network',
      'storage',
      'hubs',
    ]
    for (const screen of [...screens, 'invite', 'inspector', 'settings', 'bring']) {
      await ada.go(`/${screen}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await settled(page)
    }
    expect(ada.trouble).toEqual([])
    await ada.context.unrouteAll({ behavior: 'ignoreErrors' })
    await ada.context.close()
  })
})
