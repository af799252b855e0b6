/** What leaves with a note, a message and a profile, as whoever receives it has it: in order, described, and without what it told besides. */
import { readFileSync } from 'node:fs'
import type { Attachment, FileSecret } from '@effigy/core'
import type { Locator } from 'playwright'
import { describe, expect, test } from 'vitest'
import { noBrowser } from '../browser-kit/chromium.ts'
import { makePicture } from '../demo/pictures/make.ts'
import { type Friend, openFriend, until } from './friend.ts'
import { comeInvited } from './invited.ts'
import { pictureWithGps } from './picture-with-gps.ts'
import { withApp } from './with-app.ts'

const patience = { timeout: 20_000 }

const app = withApp()

interface Vector {
  readonly name: string
  readonly file: string
  readonly cleaned: string
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL('../../spec/vectors/media.json', import.meta.url), 'utf8'),
)

/** A file of the vectors, and what has to be left of it. */
function media(name: string, sentAs: { readonly name: string; readonly mimeType: string }) {
  const { file = '', cleaned = '' } = vectors.find((vector) => vector.name === name) ?? {}
  return { ...sentAs, buffer: Buffer.from(file, 'base64'), cleaned: Buffer.from(cleaned, 'base64') }
}

/** As a person would: out of the clipboard, or from another window. */
async function hand(into: Locator, how: 'paste' | 'drop', bytes: Uint8Array, type: string): Promise<void> {
  await into.focus()
  await into.page().evaluate(`(() => {
    const bytes = Uint8Array.from(atob('${Buffer.from(bytes).toString('base64')}'), (one) => one.charCodeAt(0))
    const data = new DataTransfer()
    data.items.add(new File([bytes], 'shore', { type: '${type}' }))
    const is = { bubbles: true, cancelable: true, clipboardData: data, dataTransfer: data }
    const event = '${how}' === 'paste' ? new ClipboardEvent('paste', is) : new DragEvent('drop', is)
    document.activeElement.dispatchEvent(event)
  })()`)
}

type Sent = Extract<Attachment, { readonly blob: unknown }>

/** The bytes of it, fetched. */
async function bytesOf({ peer }: Friend, { blob, secret }: Pick<Sent, 'blob'> & { secret?: FileSecret }) {
  const signal = AbortSignal.timeout(20_000)
  await peer.fetchBlob(blob, { signal })
  const pieces = peer.readFile(blob, { signal, ...(secret === undefined ? {} : { secret }) })
  return Buffer.concat(await Array.fromAsync(pieces))
}

function expectNoPlace(bytes: Buffer): void {
  expect(bytes.length).toBeGreaterThan(100)
  for (const told of ['Exif', 'GPS', 'Effigy Camera']) expect(bytes.includes(told), told).toBe(false)
}

function expectClean(bytes: Buffer, { name, buffer, cleaned }: ReturnType<typeof media>): void {
  expect(bytes.equals(cleaned), name).toBe(true)
  expect(bytes.equals(buffer), name).toBe(false)
}

describe.skipIf(noBrowser !== null)('what is sent', () => {
  test('[I2] [I34] [I35] [I39] [T12] pasted, dropped and chosen files arrive in order and say nothing besides; so do faces and messages', {
    timeout: 90_000,
  }, async () => {
    await using bea = await openFriend(app.world, { name: 'Bea' })
    const { person: ada, account } = await comeInvited(app, bea, 'Ada')
    const { page } = ada
    const gps = pictureWithGps()
    expect(gps.includes('Exif')).toBe(true)
    const plain = makePicture({ type: 'scene', scene: 'map', seed: 'sent' })

    await ada.go('/new')
    const text = page.getByRole('textbox', { name: 'Say something to your friends' })
    await text.fill('A day at the shore')
    const described = page.getByRole('textbox', { name: 'Describe it for those who cannot see it' })
    await hand(text, 'paste', gps, 'image/jpeg')
    await expect.poll(() => described.count(), patience).toBe(1)
    await hand(text, 'drop', plain.bytes, plain.mime)
    await expect.poll(() => described.count(), patience).toBe(2)
    await page.getByText('Where it was taken is removed').waitFor(patience)
    await described.nth(0).fill('The shore')
    await described.nth(1).fill('The way there')
    await page.getByRole('button', { name: 'Move file 2 forward' }).click()
    await expect.poll(() => described.first().inputValue(), patience).toBe('The way there')
    const others = [
      media('mp4: where it was taken, as a phone says it', { name: 'a.mp4', mimeType: 'video/mp4' }),
      media('mp3: tags of every kind', { name: 'b.mp3', mimeType: 'audio/mpeg' }),
      media('pdf: properties, XMP, pictures', { name: 'c.pdf', mimeType: 'application/pdf' }),
    ]
    await page.locator('input[type=file]').nth(1).setInputFiles(others)
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Say what it is' }).count(), patience)
      .toBe(others.length)
    await page.getByRole('button', { name: 'Post', exact: true }).click()

    const note = await until(() => {
      const { items } = bea.peer.query.timeline({ identities: [account] })
      const found = items.flatMap(({ state }) => (state.type === 'shown' ? [state.payload] : []))
      return found.find((payload) => payload.type === 'public_note') ?? null
    })
    const sent = (note.attachments ?? []) as readonly Sent[]
    expect(sent).toMatchObject([
      { type: 'image', alt: 'The way there', width: plain.width },
      { type: 'image', alt: 'The shore', width: 64, height: 48 },
      ...others.map(({ name, mimeType }) => ({ type: 'media', name, mime: mimeType })),
    ])
    for (const picture of sent.slice(0, 2)) expectNoPlace(await bytesOf(bea, picture))
    for (const [at, other] of others.entries()) {
      expectClean(await bytesOf(bea, sent[at + 2] as Sent), other)
    }

    // A face.
    await ada.go(`/p/${account}`)
    await page.getByRole('button', { name: 'Edit my page' }).click(patience)
    const dialog = page.getByRole('dialog')
    await dialog
      .locator('input[type=file]')
      .setInputFiles({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: gps })
    await dialog.locator('img').waitFor(patience)
    await dialog.getByRole('button', { name: 'Save' }).click()
    const avatar = await until(() => {
      const state = bea.peer.query.profile(account)?.state
      return state?.type === 'shown' && state.payload.type === 'identification' ? state.payload.avatar : null
    })
    expectNoPlace(await bytesOf(bea, avatar))

    // And what is for one person alone: from here on also sounds and a film.
    await ada.go(`/talks/to/${bea.identity}`)
    const box = page.getByRole('textbox', { name: 'Your message' })
    await hand(box, 'paste', gps, 'image/jpeg')
    await described.fill('Still the shore')
    const heard = [
      media('wav: lists, broadcast facts, junk, a tail', { name: 'd.wav', mimeType: 'audio/wav' }),
      media('flac: tags, a cover, another kind of tag at both ends', {
        name: 'e.flac',
        mimeType: 'audio/flac',
      }),
      media('ogg: Opus', { name: 'f.ogg', mimeType: 'audio/ogg' }),
      media('webm: tags, title, attachments', { name: 'g.webm', mimeType: 'video/webm' }),
    ]
    await page.locator('input[type=file]').last().setInputFiles(heard)
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Say what it is' }).count(), patience)
      .toBe(heard.length)
    await page.getByRole('button', { name: 'Send' }).click()
    const message = await until(
      () => bea.peer.conversations.list().items.flatMap(({ newest }) => newest ?? [])[0] ?? null,
    )
    const { payload } = message.state as { payload: { attachments: readonly Sent[] } }
    expect(payload.attachments).toMatchObject([
      { type: 'image', alt: 'Still the shore', secret: {} },
      ...heard.map(({ name, mimeType }) => ({ type: 'media', name, mime: mimeType, secret: {} })),
    ])
    expectNoPlace(await bytesOf(bea, payload.attachments[0] as Sent))
    for (const [at, sound] of heard.entries()) {
      expectClean(await bytesOf(bea, payload.attachments[at + 1] as Sent), sound)
    }
    expect(ada.trouble).toEqual([])
    await ada.context.close()
  })
})
