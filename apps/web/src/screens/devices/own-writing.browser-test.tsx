/** "Was this you?", and what is done about either answer. */
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { expect, test } from 'vitest'
import { createFeedOf } from '../../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../../packages/react/test/render.tsx'
import { ConfirmAct } from '../../components/confirm-act.tsx'
import { startWords } from '../../words/language.ts'
import { OwnWriting } from './own-writing.tsx'

await startWords()

const self = 'did:key:z6MkAda'

function createWorld() {
  const account = createFeedOf<unknown>({ role: 'main' })
  const dispute = createFeedOf<unknown>(null)
  const status = createFeedOf<unknown>({ mayWrite: true, feeds: [] })
  const feeds = { 'account.show': account, dispute }
  const done: string[] = []
  const peer = {
    identity: self,
    live: (name: keyof typeof feeds, _args: unknown, signal: AbortSignal) => feeds[name].follow(signal),
    statuses: status.follow,
    heal: async ({ givingUp }: { readonly givingUp: boolean }) => {
      done.push(givingUp ? 'go on' : 'heal')
      dispute.set(null)
    },
    writeAnyway: async () => {
      done.push('write')
      status.set({ mayWrite: true, feeds: [] })
    },
  }
  const shown = (
    <PeerProvider peer={peer as never} graceMs={0}>
      <MantineProvider env="test">
        <Notifications />
        <OwnWriting />
        <ConfirmAct />
      </MantineProvider>
    </PeerProvider>
  )
  return { account, dispute, status, done, shown }
}

const button = (name: string) =>
  [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name)

test('[F12] two versions wait until all of them is here; both become one, or it is said how this device is taken out', async () => {
  const { account, dispute, done, shown } = createWorld()
  await using page = await render(shown)
  await page.until(() => expect(dispute.following).toBe(1))
  expect(button('Both were me')).toBeUndefined()
  await page.do(() => dispute.set({ identity: self, above: 4, branches: null }))
  await page.until(() => expect(button('Both were me')?.disabled).toBe(true))
  const branch = (head: string, entries: number) => ({ head, entries, from: 0, to: 60_000 })
  await page.do(() => dispute.set({ identity: self, above: 4, branches: [branch('a', 1), branch('b', 3)] }))
  await page.until(() => expect(page.text).toMatch(/1 entry, from .*3 entries, from /s))
  await page.do(() => button('One was not me')?.click())
  expect(page.text).toContain('This is your main device.')
  await page.do(() => account.set({ role: 'linked' }))
  await page.until(() => expect(page.text).toContain('On your main device open Devices'))
  await page.do(() => button('Both were me')?.click())
  await page.until(() => expect(document.body.textContent).toContain('Both are one again.'))
  expect(button('Both were me')).toBeUndefined()
  expect(done).toEqual(['heal'])
  // What is lost with a disk keeps nobody from writing for ever.
  await page.do(() => dispute.set({ identity: self, above: 4, branches: null }))
  await page.until(() => expect(button('Go on without the rest')).toBeDefined())
  await page.do(() => button('Go on without the rest')?.click())
  await page.until(() => expect(document.body.textContent).toContain('If nobody has, what is here of both'))
  expect(done).toEqual(['heal'])
  const isMeant = [...document.querySelectorAll('button')].filter(
    ({ textContent }) => textContent === 'Go on without the rest',
  )
  await page.do(() => isMeant.at(-1)?.click())
  await page.until(() => expect(button('Both were me')).toBeUndefined())
  expect(done).toEqual(['heal', 'go on'])
  // With a device that was taken out nothing is written anyway.
  await page.do(() => dispute.set({ identity: self, above: 4, branches: null }))
  await page.until(() => expect(button('Both were me')).toBeDefined())
  await page.do(() => account.set({ role: 'revoked' }))
  await page.until(() => expect(button('Both were me')).toBeUndefined())
})

test('[S13] [F14] while something of its own may be missing it waits, and writes anyway after a warning alone', async () => {
  const { status, done, shown } = createWorld()
  await using page = await render(shown)
  await page.until(() => expect(status.following).toBe(1))
  expect(page.text).not.toContain('Writing waits')
  await page.do(() => status.set({ mayWrite: true, feeds: [{ identity: self, held: 3, total: 4 }] }))
  await page.until(() => expect(page.text).toContain('Writing waits a moment'))
  await page.do(() => status.set({ mayWrite: false, feeds: [] }))
  await page.do(() => button('Write anyway')?.click())
  await page.until(() => expect(document.body.textContent).toContain('nobody is left who could have it'))
  expect(done).toEqual([])
  const isMeant = [...document.querySelectorAll('button')].filter((one) => one.textContent === 'Write anyway')
  await page.do(() => isMeant.at(-1)?.click())
  await page.until(() => expect(page.text).not.toContain('Writing waits a moment'))
  expect(done).toEqual(['write'])
})
