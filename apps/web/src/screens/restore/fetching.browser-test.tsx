/** When all is said to be back: once a hub or an own device answered, whatever is missing; and the hub that gave it. */
import type { Hub, Identity } from '@effigy/core'
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { expect, test } from 'vitest'
import { createFeedOf } from '../../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../../packages/react/test/render.tsx'
import { PageContext } from '../../app/page-context.ts'
import { startWords } from '../../words/language.ts'
import { Fetching } from './fetching.tsx'

await startWords()

const members = ['self', 'phone'].map((identity) => ({ identity, isSelf: identity === 'self' }))

function createWorld(role: 'main' | 'linked', hubs: readonly Hub[] = []) {
  const account = createFeedOf<unknown>({ role, members })
  const status = createFeedOf<unknown>({ sessions: [] })
  const profile = createFeedOf<unknown>(null)
  const published: unknown[] = []
  const history = createFeedOf({ done: 0, total: 0 })
  const settled = Promise.withResolvers<void>()
  const peer = {
    identity: 'self',
    live: (name: string, _args: unknown, signal: AbortSignal) =>
      (name === 'profile' ? profile : account).follow(signal),
    query: { profile: async () => profile.value },
    publish: async (payload: unknown) => {
      published.push(payload)
      profile.set({ state: { type: 'shown', payload } })
    },
    connect: async () => ({ [Symbol.asyncDispose]: async () => {} }),
    call: async () => ({ ok: false }),
    statuses: status.follow,
    account: { history: history.follow },
    settled: () => settled.promise,
  }
  const shown = (
    <PageContext value={{ device: { boxKey: async () => new Uint8Array(32) } } as never}>
      <PeerProvider peer={peer as never} graceMs={0}>
        <MantineProvider env="test">
          <Fetching hubs={hubs} />
        </MantineProvider>
      </PeerProvider>
    </PageContext>
  )
  const meet = (identity: string, kind: string, upToDate: boolean): void =>
    status.set({ sessions: [{ identity, kind, upToDate }] })
  return { status, history, settled, profile, published, shown, meet }
}

const button = (name: string) =>
  [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name)

test('[Z30] a hub that told all it has ends the wait; what it did not have is said, and comes later', async () => {
  const { history, settled, shown, meet } = createWorld('main')
  await using page = await render(shown)
  await page.until(() => expect(history.following).toBe(1))
  await page.do(() => meet('stranger', 'peer', true))
  await page.do(() => settled.resolve())
  await page.do(() => meet('hub', 'hub', false))
  expect(page.text).toContain('What you wrote is coming back')
  expect(button('Go in already')).toBeDefined()
  await page.do(() => history.set({ done: 3, total: 5 }))
  await page.do(() => meet('hub', 'hub', true))
  await page.until(() => expect(page.text).toContain('2 entries of yours are not here yet'))
  expect(page.text).not.toContain('Everything that could be found is here')
  expect(button('Go in')).toBeDefined()
  await page.do(() => history.set({ done: 5, total: 5 }))
  await page.until(() => expect(page.text).toContain('Everything that could be found is here'))
})

test('[Z30] a device that was linked waits for the one that let it in', async () => {
  const { settled, shown, meet } = createWorld('linked')
  await using page = await render(shown)
  settled.resolve()
  await page.do(() => meet('hub', 'hub', true))
  expect(page.text).toContain('What you wrote is coming back')
  await page.do(() => meet('phone', 'peer', true))
  await page.until(() => expect(page.text).toContain('Everything that could be found is here'))
})

test('[Z30] a failure is no end: it is said what is left to do, and asked again', async () => {
  const { history, settled, shown, meet } = createWorld('main')
  await using page = await render(shown)
  await page.until(() => expect(history.following).toBe(1))
  await page.do(() => history.fail(new Error('the worker is gone')))
  await page.until(() => expect(page.text).toContain('Not all of what you wrote is back'))
  expect(page.text).not.toContain('Everything that could be found is here')
  history.fail(null)
  await page.do(() => button('Ask again')?.click())
  await page.until(() => expect(page.text).toContain('What you wrote is coming back'))
  settled.resolve()
  await page.do(() => meet('hub', 'hub', true))
  await page.until(() => expect(page.text).toContain('Everything that could be found is here'))
})

test('[Z30] who came back through a hub that is none of theirs keeps it in one tap; the silent one is named', async () => {
  const hubs: readonly Hub[] = [['there' as Identity, 'wss://there.example/effigy/1']]
  const { profile, published, shown, meet } = createWorld('main', hubs)
  await using page = await render(shown)
  const before = ['gone', 'wss://gone.example/effigy/1']
  await page.do(() =>
    profile.set({
      state: { type: 'shown', payload: { type: 'identification', name: 'Ada', hubs: [before] } },
    }),
  )
  expect(button('Use there.example from now on')).toBeUndefined()
  await page.do(() => meet('there', 'hub', true))
  await page.until(() =>
    expect(page.text).toContain('gone.example, which is a hub of yours, has not answered'),
  )
  await page.do(() => button('Use there.example from now on')?.click())
  await page.until(() => expect(published).toMatchObject([{ name: 'Ada', hubs: [before, hubs[0]] }]))
  await page.until(() => expect(page.text).not.toContain('You came back through'))
})
