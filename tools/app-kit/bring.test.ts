/** What somebody wrote on a Mastodon server, brought along from an archive as others' programs pack it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { openFriend, until } from './friend.ts'
import { mastodonOutbox } from './mastodon-outbox.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }
const app = withApp()

/** A red pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='

function archives(): { readonly zip: string; readonly tar: string } {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-bring-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'media_attachments/files/1'), { recursive: true })
  writeFileSync(join(folder, 'outbox.json'), JSON.stringify(mastodonOutbox()))
  writeFileSync(join(folder, 'actor.json'), '{}')
  writeFileSync(join(folder, 'media_attachments/files/1/loaf.png'), Buffer.from(png, 'base64'))
  const names = '["media_attachments/files/1/loaf.png", "outbox.json", "actor.json"]'
  const script = `
import zipfile, tarfile
with zipfile.ZipFile("a.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for name in ${names}: z.write(name)
with tarfile.open("a.tar.gz", "w:gz", format=tarfile.USTAR_FORMAT) as t:
    for name in ${names}: t.add(name)`
  execFileSync('python3', ['-c', script], { cwd: folder, timeout: 60_000 })
  return { zip: join(folder, 'a.zip'), tar: join(folder, 'a.tar.gz') }
}

describe.skipIf(noBrowser !== null)('an archive of a Mastodon server', () => {
  test('[S20] own notes stand under their days, once, with their pictures; who follows is told nothing new', async () => {
    const { zip, tar } = archives()
    const ada = await app.browsers.arrive(app.world)
    const { page } = ada
    const button = (name: string | RegExp) => page.getByRole('button', { name })
    await ada.start('Ada')
    await page.getByRole('textbox', { name: 'Say something to your friends' }).fill('Written today')
    await button('Post').click()
    await page.getByRole('article').filter({ hasText: 'Written today' }).waitFor()
    await using bea = await openFriend(app.world)
    const { query, reading, notices } = bea.peer
    await bea.peer.relate('follow', await bea.meet('Ada'), true)
    const top = () => query.timeline({ limit: 1 }).items[0] ?? null
    const { cid, sort } = await until(top)
    reading.markRead(sort)

    await ada.go('/bring')
    const chooser = page.locator('input[type="file"]')
    await chooser.setInputFiles(zip)
    await page.getByRole('heading', { name: '3 notes' }).waitFor(patience)
    await page.getByText('1 answer to somebody else').waitFor()
    expect(await ada.axe()).toEqual([])
    await page.getByLabel('From').selectOption('2020')
    await button('Bring 2 notes along').click()
    await page.getByRole('heading', { name: '2 notes are here now.' }).waitFor(patience)
    // The first of the two is with her (the other answers it), and nothing is new to her.
    await expect.poll(() => query.timeline().items.length, patience).toBe(2)
    expect(top()?.cid).toBe(cid)
    expect([reading.unread(), notices.unread()]).toEqual([0, 0])
    await button('Bring more').click()
    await button('Bring 2 notes along').waitFor()
    // Nothing stands in it: a browser tells of no choice that is the one before.
    expect(await chooser.inputValue()).toBe('')
    await chooser.setInputFiles(zip)
    await button('Bring 3 notes along').click(patience)
    await page.getByText('2 were here already.').waitFor(patience)
    await page.getByRole('link', { name: 'Look at them' }).click()
    const shown = () => page.getByRole('article').allTextContents()
    await expect.poll(async () => (await shown()).join(), patience).toContain('Bread & butter')
    await page.getByRole('button', { name: 'Look at it large: A loaf' }).waitFor(patience)
    await ada.go('/')
    await expect.poll(async () => (await shown())[0], patience).toContain('Written today')

    // Once more, from the other form.
    await ada.go('/bring')
    await chooser.setInputFiles(tar)
    await button('Bring 3 notes along').click(patience)
    await page.getByText('3 were here already.').waitFor(patience)
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  })
})
