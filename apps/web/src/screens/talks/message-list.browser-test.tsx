/** A conversation opened at one message: older pages come until it is there, and it is looked at. */
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { expect, test } from 'vitest'
import { render } from '../../../../../packages/react/test/render.tsx'
import { startWords } from '../../words/language.ts'
import { MessageList } from './message-list.tsx'

await startWords()

const pages = 6

const message = (at: number) => ({
  cid: `message ${at}`,
  identity: 'did:key:z6MkBea',
  content: `content ${at}`,
  sort: 1_000_000 - at,
  state: { type: 'erased' },
})

function createPeer() {
  const asked: number[] = []
  async function* live(name: string, args: readonly unknown[], signal: AbortSignal) {
    if (name === 'conversations.messages') {
      const { after } = args.at(-1) as { readonly after: string | null }
      const at = Number(after ?? 0)
      asked.push(at)
      yield { items: [message(2 * at), message(2 * at + 1)], next: at + 1 < pages ? String(at + 1) : null }
    }
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  }
  return { asked, peer: { identity: 'did:key:z6MkAda', live } }
}

async function open(at: string | null) {
  const { asked, peer } = createPeer()
  const page = await render(
    <PeerProvider peer={peer as never} graceMs={0}>
      <MantineProvider env="test">
        <MessageList name="pBea" own={new Set()} isNamed={false} isShy={false} at={at} />
      </MantineProvider>
    </PeerProvider>,
  )
  return { page, asked }
}

test('goes back page by page to the message that one came for, no further, and puts the focus there', async () => {
  const { page, asked } = await open('message 7')
  await using _page = page
  await page.until(() =>
    expect(document.activeElement).toBe(page.element.querySelector('li[aria-current="true"]')),
  )
  expect(asked).toEqual([0, 1, 2, 3])
  expect(page.element.querySelectorAll('li[aria-current]')).toHaveLength(1)
})

test('of a message that is not there any more it looks at the end, and of none it loads the newest page', async () => {
  const gone = await open('message 99')
  await using _gone = gone.page
  await gone.page.until(() => expect(gone.asked).toHaveLength(pages))
  expect(gone.page.element.querySelector('[aria-current]')).toBe(null)
  const newest = await open(null)
  await using _newest = newest.page
  await newest.page.until(() => expect(newest.page.text).toContain('Older messages'))
  expect(newest.asked).toEqual([0])
})
