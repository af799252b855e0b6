/** What is said on every screen about one's account, when, and until when. */
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { afterEach, expect, test } from 'vitest'
import { createFeedOf } from '../../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../../packages/react/test/render.tsx'
import { startWords } from '../../words/language.ts'
import { AccountNotices } from './account-notices.tsx'
import { doHere } from './done-here.ts'
import { forgetSeenParts } from './seen-parts.ts'
import { forgetReminder } from './words-reminder.ts'

await startWords()
afterEach(() => {
  forgetReminder()
  forgetSeenParts()
})

const self = 'did:key:z6MkAda'

function createWorld() {
  const account = createFeedOf<object>({ phraseConfirmed: false, members: [], revoked: [], frozen: [] })
  const notes = createFeedOf(9)
  const recovery = createFeedOf<object>({ requests: [] })
  const people = createFeedOf<object>({ items: [] })
  const news: object[] = []
  const dispute = createFeedOf<unknown>(null)
  const status = createFeedOf<unknown>({ mayWrite: true, feeds: [] })
  const feeds = {
    ...{ 'account.show': account, countAbove: notes, 'recovery.show': recovery, dispute },
    'people.list': people,
    'people.name': createFeedOf<object>({ identity: 'did:key:z6MkFay', petname: null, name: 'Fay' }),
  }
  const live = (name: keyof typeof feeds, _args: unknown, signal: AbortSignal) =>
    (feeds[name] as ReturnType<typeof createFeedOf<unknown>>).follow(signal)
  /** As the peer does: forgotten when the next is asked for. */
  async function* changes(signal: AbortSignal) {
    for (let [next] = news; next !== undefined && !signal.aborted; [next] = news) {
      yield next
      news.shift()
    }
  }
  const shown = (
    <PeerProvider
      peer={{ identity: self, live, statuses: status.follow, account: { changes } } as never}
      graceMs={0}
    >
      <MantineProvider env="test">
        <AccountNotices />
      </MantineProvider>
    </PeerProvider>
  )
  return { account, notes, recovery, people, news, dispute, status, shown }
}

const reminder = 'Write your secret words down'

test('[Z6] with the tenth note one is reminded of the words, until later, and never once they are written down', async () => {
  const { account, notes, shown } = createWorld()
  {
    await using page = await render(shown)
    await page.until(() => expect(notes.following).toBe(1))
    expect(page.text).not.toContain(reminder)
    await page.do(() => notes.set(10))
    await page.until(() => expect(page.text).toContain(reminder))
    expect(page.element.querySelector('a')?.getAttribute('href')).toBe('/account')
    await page.click('button')
    expect(page.text).not.toContain(reminder)
  }
  {
    await using page = await render(shown)
    await page.until(() => expect(notes.following).toBe(1))
    expect(page.text).not.toContain(reminder)
  }
  forgetReminder()
  await using page = await render(shown)
  await page.until(() => expect(page.text).toContain(reminder))
  await page.do(() => account.set({ phraseConfirmed: true, members: [], revoked: [], frozen: [] }))
  await page.until(() => expect(page.text).not.toContain(reminder))
})

test('[Z23] a friend who asks for their part is seen wherever one is', async () => {
  const { recovery, shown } = createWorld()
  await using page = await render(shown)
  await page.do(() => recovery.set({ requests: [{ id: 'one', name: 'Fay' }] }))
  await page.until(() => expect(page.text).toContain('“Fay” needs your help'))
  expect(page.element.querySelector('a')?.getAttribute('href')).toBe('/account')
  await page.do(() => recovery.set({ requests: [] }))
  await page.until(() => expect(page.text).not.toContain('Fay'))
})

test('[Z23] a part that a friend gave is told once, a stranger’s not', async () => {
  const { recovery, people, shown } = createWorld()
  const held = (name: string) => ({ set: name, account: { identity: `did:key:z6Mk${name}`, root: name } })
  people.set({ items: [{ root: 'Fay' }] })
  recovery.set({ requests: [], held: [held('Mallory'), held('Fay')] })
  {
    await using page = await render(shown)
    await page.until(() => expect(page.text).toContain('Fay gave you a part'))
    expect(page.element.querySelector('a')?.getAttribute('href')).toBe('/account')
    await page.click('button')
    await page.until(() => expect(page.text).not.toContain('gave you'))
  }
  await using page = await render(shown)
  await page.do(() => recovery.set({ requests: [{ id: 'one', name: 'Fay' }], held: [held('Fay')] }))
  await page.until(() => expect(page.text).toContain('“Fay” needs your help'))
  expect(page.text).not.toContain('gave you')
  // Given anew it is another one.
  await page.do(() => recovery.set({ requests: [], held: [{ ...held('Fay'), set: 'again' }] }))
  await page.until(() => expect(page.text).toContain('Fay gave you a part'))
})

test('[Y14] a device that came elsewhere is told once, until it was answered; what was done here is no news', async () => {
  const { news, shown } = createWorld()
  const joined = (identity: string, label: string, at: number) => ({
    own: true,
    change: { type: 'joined', member: [identity, 'box', label, 1, ''] },
    at,
  })
  const end = await doHere(async () => Date.now())
  news.push(joined(self, 'Itself', 0), joined('did:key:z6MkHere', 'Linked here', end))
  news.push({ ...joined('did:key:z6MkBea', 'Of a friend', 0), own: false })
  news.push(joined('did:key:z6MkPhone', 'A phone', 0), { own: true, change: { type: 'disputed' }, at: 0 })
  {
    await using page = await render(shown)
    await page.until(() => expect(page.text).toContain('added to your account: A phone'))
    expect(page.element.querySelector('a')?.getAttribute('href')).toBe('/devices')
  }
  // Left without a word, it is told again.
  await using page = await render(shown)
  await page.until(() => expect(page.text).toContain('added to your account: A phone'))
  await page.click('button')
  await page.until(() => expect(page.element.querySelector('button')).toBeNull())
  expect(news).toEqual([])
})

test('[Y5] that two devices decide about the account is said until it is over, with the way to take it back', async () => {
  const { account, shown } = createWorld()
  const now = { phraseConfirmed: true, members: [], revoked: [], frozen: [], role: 'frozen' }
  await using page = await render(shown)
  await page.do(() => account.set({ ...now, disputed: true }))
  await page.until(() => expect(page.text).toContain('Two devices decide about your account'))
  expect(page.text).toContain('take nothing out of this browser before')
  expect(page.element.querySelector('a')?.getAttribute('href')).toBe('/account')
  await page.do(() => account.set({ ...now, disputed: false }))
  await page.until(() => expect(page.text).not.toContain('Two devices decide'))
})

test('[F12] [S13] what keeps one from writing is said where one writes', async () => {
  const { dispute, status, shown } = createWorld()
  await using page = await render(shown)
  await page.do(() => status.set({ mayWrite: false, feeds: [] }))
  await page.until(() => expect(page.text).toContain('Writing waits a moment'))
  await page.do(() => dispute.set({ identity: self, above: 0, branches: null }))
  await page.until(() => expect(page.text).toContain('until you say whether both were you'))
  expect(page.element.querySelector('a')?.getAttribute('href')).toBe('/devices')
})
