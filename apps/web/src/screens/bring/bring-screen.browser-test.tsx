/** What the screen says while an archive is brought along, and what becomes of it when it is left. */
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import { expect, test } from 'vitest'
import { render } from '../../../../../packages/react/test/render.tsx'
import { mastodonOutbox } from '../../../../../tools/app-kit/mastodon-outbox.ts'
import { startWords } from '../../words/language.ts'
import { writeZip } from '../account/readable/zip.ts'
import { Screen } from './bring-screen.tsx'

await startWords()

async function archive(): Promise<File> {
  async function* files() {
    yield { name: 'outbox.json', bytes: [new TextEncoder().encode(JSON.stringify(mastodonOutbox()))] }
  }
  const parts: Uint8Array<ArrayBuffer>[] = []
  for await (const part of writeZip(files(), 0)) parts.push(part)
  return new File(parts, 'a.zip')
}

/** Each note waits for a word of the test. */
function openWriter() {
  const published: (() => void)[] = []
  const status = { isPrivate: true, isPending: false, readers: [] }
  async function* live(name: string) {
    if (name === 'privateFeed.status') yield status
    await new Promise(() => {})
  }
  const peer = {
    identity: 'did:key:z6MkAda',
    live,
    account: { show: async () => null },
    privateFeed: { status: async () => status },
    query: { feedItems: async () => ({ items: [], next: null }) },
    publish: () =>
      new Promise((resolve) => void published.push(() => resolve({ cid: 'cid', content: 'content' }))),
  }
  return { peer: peer as never, published }
}

test('a private feed is named, nothing else is chosen meanwhile, the lock waits, and who leaves is told', async () => {
  const { peer, published } = openWriter()
  const page = (screen: ReactNode) => (
    <PeerProvider peer={peer} graceMs={0}>
      <MantineProvider env="test">
        <Notifications />
        {screen}
      </MantineProvider>
    </PeerProvider>
  )
  await using rendered = await render(page(<Screen />))
  const buttons = () => [...rendered.element.querySelectorAll('button')]
  const button = (name: string | RegExp) => buttons().find(({ textContent }) => textContent?.match(name))
  const input = rendered.element.querySelector<HTMLInputElement>('input[type="file"]')
  if (input === null) throw new Error('no chooser')
  const chosen = new DataTransfer()
  chosen.items.add(await archive())
  await rendered.do(() => {
    input.files = chosen.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })
  await rendered.until(() => expect(rendered.text).toContain('Only the people whom you let read you'))
  expect(rendered.text).not.toContain('Everybody can read them')

  localStorage.removeItem('effigy-touched')
  await rendered.do(() => button('Bring 3 notes along')?.click())
  await rendered.until(() => expect(published.length).toBe(1))
  expect(button('Choose the archive')?.disabled).toBe(true)
  expect(localStorage.getItem('effigy-touched')).not.toBeNull()
  localStorage.removeItem('effigy-touched')
  await rendered.do(() => published[0]?.())
  await rendered.until(() => expect(published.length).toBe(2))
  expect(localStorage.getItem('effigy-touched')).not.toBeNull()

  await rendered.show(page(null))
  await rendered.until(() =>
    expect(document.body.textContent).toContain('Your notes were not all brought along.'),
  )
  await rendered.do(() => published[1]?.())
  // It ends behind the note that was in hand.
  expect(published.length).toBe(2)
})
