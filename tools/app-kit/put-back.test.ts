/**
 * A disk that was put back from a copy, in a real browser: what was written on both sides of it becomes one again, and a
 * friend reads all of it (spec F12, F14; RELIABILITY T5).
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { chromiumArguments, chromiumPath, noBrowser } from '../browser-kit/chromium.ts'
import { openFriend } from './friend.ts'
import { openAppWorld } from './world.ts'

const patience = { timeout: 20_000 }

interface OpenDisk extends AsyncDisposable {
  readonly context: BrowserContext
  readonly page: Page
}

/** The browser whose disk is this folder. */
async function open(disk: string): Promise<OpenDisk> {
  const context = await chromium.launchPersistentContext(disk, {
    executablePath: chromiumPath,
    args: [...chromiumArguments],
    viewport: { width: 390, height: 844 },
    locale: 'en',
  })
  return {
    context,
    page: context.pages()[0] ?? (await context.newPage()),
    [Symbol.asyncDispose]: () => context.close(),
  }
}

async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Say something to your friends' }).fill(text)
  await page.getByRole('button', { name: 'Post', exact: true }).click()
  await page.getByRole('article').filter({ hasText: text }).waitFor(patience)
}

/** Inside the app, without loading it again. */
const go = (page: Page, path: string): Promise<unknown> =>
  page.evaluate(`history.pushState(null, '', '${path}'); dispatchEvent(new PopStateEvent('popstate'))`)

describe.skipIf(noBrowser !== null)('a disk that was put back', () => {
  test('[F12] [F14] what it wrote before and after becomes one, and a friend has all of it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'effigy-disk-'))
    try {
      await using world = await openAppWorld()
      await using bea = await openFriend(world, { name: 'Bea' })
      const read = async (text: string): Promise<void> => {
        const said = bea.peer.live(
          (query) => JSON.stringify(query.timeline().items),
          AbortSignal.timeout(patience.timeout),
        )
        for await (const texts of said) if (texts.includes(text)) return
      }
      const disk = join(folder, 'disk')
      const copy = join(folder, 'copy')

      await using before = await open(disk)
      await before.page.goto(`${world.origin}${await bea.invite()}`)
      await before.page.locator('input[autocomplete="nickname"]').fill('Ada')
      await before.page.locator('form button[type="submit"]').click()
      await before.page.locator('#screen').waitFor()
      await write(before.page, 'Before the copy')
      await read('Before the copy')
      await before.page.evaluate('navigator.serviceWorker.ready.then(() => null)')
      await before.context.close()
      cpSync(disk, copy, { recursive: true })

      await using later = await open(disk)
      await later.page.goto(world.origin)
      await write(later.page, 'Behind the copy')
      await read('Behind the copy')
      await later.context.close()

      await using back = await open(copy)
      const { context, page } = back
      await context.setOffline(true)
      await page.goto(world.origin)
      expect(await page.getByText('Behind the copy').count()).toBe(0)
      await write(page, 'On the old disk')
      await context.setOffline(false)
      await page.getByText('Two versions of what you wrote are known').waitFor(patience)
      const forks = (text: string) =>
        page.getByRole('listitem').filter({ hasText: new RegExp(`^${text}\\d+ · bafkrei`) })
      await go(page, '/inspector')
      await expect.poll(() => forks('A fork leaves here').count(), patience).toBe(2)
      await page.getByRole('row', { name: /^Disputed above \d/ }).waitFor()
      await page.getByRole('link', { name: 'Look at Devices' }).click()
      await page.getByRole('button', { name: 'Both were me' }).click(patience)
      await page.getByText('Both are one again. You can write.').waitFor(patience)
      await page.getByText('Two versions').first().waitFor({ state: 'hidden' })
      // One chain now, of which both sides are the past.
      await go(page, '/inspector')
      await page.getByRole('heading', { name: 'Epoch 1, given up' }).waitFor(patience)
      expect(await forks('Fork').count()).toBe(2)
      expect(await page.getByText('Disputed above').count()).toBe(0)
      await page.goto(world.origin)
      for (const text of ['Before the copy', 'Behind the copy', 'On the old disk']) {
        await page.getByRole('article').filter({ hasText: text }).waitFor(patience)
      }
      await write(page, 'Whole again')
      for (const text of ['On the old disk', 'Whole again', 'Behind the copy']) await read(text)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 120_000)
})
