/** A folder goes from one person to another: pictures without where they were taken, parts without the rest (issue 8.6). */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { type Friend, openFriend, until } from './friend.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }
const app = withApp()

const gps = fileURLToPath(new URL('../../examples/picture-with-gps.ts', import.meta.url))

interface Vector {
  readonly name: string
  readonly image?: string
  readonly file?: string
}

function vector(file: 'images' | 'media', name: string): Vector {
  const text = readFileSync(new URL(`../../spec/vectors/${file}.json`, import.meta.url), 'utf8')
  const found = (JSON.parse(text) as readonly Vector[]).find((one) => one.name === name)
  if (found === undefined) throw new Error(`no vector ${name}`)
  return found
}

/** The root of an album by its name, as soon as it is known there. */
const albumOf = ({ peer }: Friend, name: string) =>
  until(() => {
    for (const { state } of peer.query.byType('collection').items) {
      if (state.type === 'shown' && state.payload.type === 'collection' && state.payload.name === name)
        return state.payload.root
    }
    return null
  })

describe.skipIf(noBrowser !== null)('folders', () => {
  test('[I2] [T12] a folder is shared as it is, and its pictures say nothing of the place', async () => {
    await using bea = await openFriend(app.world, { name: 'Bea' })
    const ada = await app.browsers.arrive(app.world, { path: `/${await bea.invite()}` })
    const { page } = ada
    await ada.start('Ada')
    const folder = mkdtempSync(join(tmpdir(), 'effigy-folder-'))
    try {
      mkdirSync(join(folder, 'papers'))
      writeFileSync(join(folder, 'papers', 'list.txt'), 'Bread, salt')
      // This browser does not know the format, and one could not be cleaned in any.
      writeFileSync(join(folder, 'garden.heic'), vector('images', 'heic: Exif item').image ?? '', 'base64')
      writeFileSync(
        join(folder, 'papers', 'letter.pdf'),
        vector('media', 'pdf: encrypted').file ?? '',
        'base64',
      )
      execFileSync(process.execPath, [gps, join(folder, 'shore.jpg')], { timeout: 60_000 })
      expect(readFileSync(join(folder, 'shore.jpg')).includes('Exif')).toBe(true)
      await ada.go('/albums/new')
      await page.locator('input[webkitdirectory]').setInputFiles(folder)
      await page.getByText('4 files').waitFor(patience)
      await page.getByRole('textbox', { name: 'Name' }).fill('A day out')
      await page.getByRole('button', { name: 'Share with everyone' }).click()
      for (const path of ['garden.heic', 'papers/letter.pdf']) {
        const refused = page.getByRole('alert').filter({ hasText: path })
        await refused.waitFor(patience)
        expect(await ada.axe()).toEqual([])
        await refused.getByRole('button', { name: 'Leave it out and go on' }).click()
      }
      await page.getByText('1 picture lost hidden data').waitFor(patience)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }

    const account = await bea.meet('Ada')
    await bea.peer.relate('follow', account, true)
    const root = await albumOf(bea, 'A day out')
    const soon = () => ({ signal: AbortSignal.timeout(20_000) })
    const names = async (path: string): Promise<readonly string[]> =>
      (await bea.peer.browse(root, path, soon())).map(({ name }) => name)
    expect(await names('')).toEqual(['papers', 'shore.jpg'])
    expect(await names('papers')).toEqual(['list.txt'])
    const picture = await bea.peer.fetchPath(root, 'shore.jpg', soon())
    const bytes = Buffer.concat(await Array.fromAsync(bea.peer.readFile(picture, soon())))
    expect(bytes.subarray(0, 2).toString('hex')).toBe('ffd8')
    expect(bytes.includes('Exif')).toBe(false)
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  })

  test('of what somebody else shares one part is taken, and all of it kept', async () => {
    await using bea = await openFriend(app.world, { name: 'Bea' })
    const file = (path: string, text: string) => ({ path, content: [Buffer.from(text)] })
    const entries = [file('songs/1/words.txt', 'La la la'), file('songs/2/words.txt', 'Lo lo lo')]
    const signal = AbortSignal.timeout(20_000)
    const { root, size, files } = await bea.peer.addDirectory(entries, { signal })
    const album = { type: 'collection', at: Date.now(), root, name: 'Our songs', count: files } as const
    await bea.publish({ ...album, bytes: size })
    const ada = await app.browsers.arrive(app.world, { path: `/${await bea.invite()}` })
    const { page } = ada
    await ada.start('Ada')
    await ada.go('/albums')
    await page.getByRole('link', { name: /Our songs/ }).click(patience)
    // Exactly: the list that is left shows "Our songs" for a moment yet.
    await page.getByRole('link', { name: 'songs', exact: true }).click(patience)
    await page.getByRole('link', { name: '2', exact: true }).click(patience)
    const [taken] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download words.txt' }).click(patience),
    ])
    expect(readFileSync(await taken.path(), 'utf8')).toBe('Lo lo lo')
    expect(await ada.axe()).toEqual([])
    await page
      .getByRole('navigation', { name: 'Where you are' })
      .getByRole('link', { name: 'Our songs' })
      .click()
    // By the keyboard: it stays where it is while what is below it comes.
    await page.getByRole('switch', { name: /Keep on this device/ }).press('Space', patience)
    await page.getByText('It is kept on this device.').waitFor(patience)
    expect(await page.getByRole('button', { name: 'Take back' }).count()).toBe(0)
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  })
})
