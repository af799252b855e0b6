/** How far a move is, by what is known of both hubs, and when leaving the old one is what is left to do. */
import type { Hub, Identity } from '@effigy/core'
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { expect, test } from 'vitest'
import { createFeedOf } from '../../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../../packages/react/test/render.tsx'
import { ProfileContext } from '../../app/own-profile.ts'
import { PageContext } from '../../app/page-context.ts'
import { startWords } from '../../words/language.ts'
import { MoveHub } from './move-hub.tsx'

await startWords()

const hubOf = (name: string): Hub => [name as Identity, `wss://${name}.example/effigy/1`]

function createWorld(hubs: readonly Hub[], aliases: readonly string[] = []) {
  const status = createFeedOf<unknown>({ sessions: [], connections: [] })
  const delivery = createFeedOf<unknown>({ length: 123, places: [], entries: [] })
  const account = createFeedOf<unknown>({ members: [{ identity: 'self' }] })
  const published: unknown[] = []
  const asked: unknown[] = []
  const profile = { type: 'identification', name: 'Ada', hubs, aliases }
  const peer = {
    identity: 'self',
    live: (name: string, _args: unknown, signal: AbortSignal) =>
      (name === 'delivery' ? delivery : account).follow(signal),
    statuses: status.follow,
    query: { profile: async () => ({ state: { type: 'shown', payload: profile } }) },
    publish: async (payload: unknown) => void published.push(payload),
    joining: {
      claimAlias: async (...wanted: unknown[]) => {
        asked.push(wanted.slice(0, 2))
        return { ok: true, value: null }
      },
    },
  }
  const shown = (
    <PageContext value={{ device: { boxKey: async () => new Uint8Array(32) } } as never}>
      <PeerProvider peer={peer as never} graceMs={0}>
        <MantineProvider env="test">
          <ProfileContext value={profile as never}>
            <MoveHub />
          </ProfileContext>
        </MantineProvider>
      </PeerProvider>
    </PageContext>
  )
  const meet = (hasMine: boolean): void =>
    status.set({ sessions: [{ identity: 'new', kind: 'hub', hasMine }], connections: [] })
  return { shown, meet, delivery, published, asked }
}

const open = ({ do: act }: Pick<Awaited<ReturnType<typeof render>>, 'do'>) =>
  act(() => button('Move to another hub')?.click())

const button = (name: string) =>
  [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name)

test('with one hub the first step is another one, and none is left from here', async () => {
  await using page = await render(createWorld([hubOf('old')]).shown)
  await open(page)
  expect(page.text).toContain('First use the new hub')
  expect(button('Leave old.example')).toBeUndefined()
})

test('the new hub is waited for with a total; leaving the old one is urged only when it has everything', async () => {
  const { shown, meet, delivery } = createWorld([hubOf('old'), hubOf('new')])
  await using page = await render(shown)
  // Who keeps two for safety is not urged to leave one.
  expect(page.text).not.toContain('Leave old.example')
  await open(page)
  const urged = () => button('Leave old.example')?.getAttribute('data-variant')
  expect(page.text).toContain('new.example is not connected')
  expect(urged()).toBe('default')
  await page.do(() => meet(false))
  await page.do(() =>
    delivery.set({ length: 123, places: [{ identity: 'new', length: 40, state: 'asking' }], entries: [] }),
  )
  await page.until(() => expect(page.text).toContain('40 / 123'))
  expect(urged()).toBe('default')
  await page.do(() => meet(true))
  await page.until(() => expect(page.text).toContain('new.example has all that you wrote'))
  expect(urged()).toBe('filled')
})

test('[W21] a short address of the old hub is asked for at the new one, and listed beside it', async () => {
  const { shown, asked, published } = createWorld([hubOf('old'), hubOf('new')], ['ada@old.example'])
  await using page = await render(shown)
  await open(page)
  await page.do(() => button('Ask for ada@new.example')?.click())
  await page.until(() => expect(asked).toEqual([['new', 'ada']]))
  await page.until(() =>
    expect(published).toMatchObject([{ aliases: ['ada@old.example', 'ada@new.example'] }]),
  )
})

test('of three hubs the one to leave is chosen, and the last of the others is waited for', async () => {
  const { shown } = createWorld([hubOf('old'), hubOf('mid'), hubOf('new')])
  await using page = await render(shown)
  await open(page)
  const leaves = () => [...document.querySelectorAll('button')].map(({ textContent }) => textContent)
  expect(leaves().filter((name) => name.startsWith('Leave'))).toEqual([])
  const choose = (hub: string) =>
    page.do(() => {
      const select = document.querySelector('select')
      if (select !== null) select.value = hub
      select?.dispatchEvent(new Event('change', { bubbles: true }))
    })
  await choose('new')
  expect(leaves()).toContain('Leave new.example')
  expect(page.text).toContain('mid.example is not connected')
  await choose('mid')
  expect(leaves()).toContain('Leave mid.example')
  expect(page.text).toContain('new.example is not connected')
})
