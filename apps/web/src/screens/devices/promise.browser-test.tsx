/** Asking a place to promise a copy, what it answers, and giving it up. */
import type { GivenLease, LeaseHolderView, LeaseOutcome } from '@effigy/peer'
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { expect, test } from 'vitest'
import { createFeedOf } from '../../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../../packages/react/test/render.tsx'
import { ConfirmAct } from '../../components/confirm-act.tsx'
import { startWords } from '../../words/language.ts'
import { PlacePromise } from './promise.tsx'

await startWords()

const hub = 'did:key:z6MkHub' as GivenLease['holder']
const self = 'did:key:z6MkAda' as GivenLease['feed']
const until = Date.UTC(2031, 4, 3, 12)

const promised: GivenLease = {
  ...{ holder: hub, feed: self, state: 'checked', epoch: 0, length: 4, head: 'head' as GivenLease['head'] },
  ...{ blobs: 64 * 2 ** 20, until, bytes: 1_200_000, checkedAt: Date.UTC(2031, 1, 2, 12), failure: null },
}

function createWorld(wanted: LeaseHolderView['wanted'] = null) {
  const holders = createFeedOf<readonly LeaseHolderView[]>([{ holder: hub, isOffered: true, wanted }])
  const leases = createFeedOf<readonly GivenLease[]>([])
  const status = createFeedOf<unknown>({ sessions: [{ identity: hub }] })
  const feeds = { 'leases.holders': holders, 'leases.list': leases }
  const asked: number[] = []
  const answers: LeaseOutcome[][] = []
  const wants = (days: number) => holders.set([{ holder: hub, isOffered: true, wanted: { days, blobs: 0 } }])
  const peer = {
    identity: self,
    live: (name: keyof typeof feeds, _args: unknown, signal: AbortSignal) => feeds[name].follow(signal),
    statuses: status.follow,
    leases: {
      size: async (_holder: string, { blobs }: { readonly blobs: number }) => ({
        bytes: blobs === 0 ? 65_000 : 1_200_000,
        missing: 0,
      }),
      ask: async (_holder: string, { blobs }: { readonly blobs: number }) => {
        asked.push(blobs)
        wants(90)
        const outcomes = answers.shift() ?? []
        if (outcomes[0]?.type === 'leased') leases.set([promised])
        return outcomes
      },
      end: async () => {
        wants(0)
        leases.set([])
      },
    },
  }
  const shown = (
    <PeerProvider peer={peer as never} graceMs={0}>
      <MantineProvider env="test">
        <PlacePromise holder={hub} type="hub" />
        <ConfirmAct />
      </MantineProvider>
    </PeerProvider>
  )
  return { holders, leases, status, asked, answers, shown }
}

const buttons = (name: string) =>
  [...document.querySelectorAll('button')].filter(({ textContent }) => textContent === name)
const button = (name: string) => buttons(name).at(-1)

test('[V30] [V39] a refusal says why and what to do; for less it is promised, with the date; given up after a word on the 30 days', async () => {
  const { asked, answers, holders, leases, shown } = createWorld()
  answers.push(
    [{ type: 'refused', feed: self, code: 'constructor', retryMs: null }],
    [{ type: 'refused', feed: self, code: 'quota', retryMs: null }],
    [{ type: 'leased', feed: self, until, blobs: 0 }],
  )
  await using page = await render(shown)
  await page.until(() => expect(button('Ask for a promise')).toBeDefined())
  expect(page.text).toContain('whenever it likes')
  await page.do(() => button('Ask for a promise')?.click())
  await page.until(() => expect(page.text).toMatch(/about 1.2 MB.*about 65 kB/s))
  expect(document.activeElement).toBe(document.querySelector('input[value="all"]'))
  await page.do(() => button('Ask')?.click())
  // A code that every object has a property of.
  await page.until(() => expect(page.text).toContain('It did not say why.'))
  await page.do(() => button('Ask again')?.click())
  await page.do(() => button('Ask')?.click())
  await page.until(() => expect(page.text).toContain('You have more than it keeps for one person.'))
  expect(page.text).toContain('Ask whoever runs it for more room')
  expect(page.text).not.toContain('Promised to keep it')

  await page.do(() => button('Ask again')?.click())
  await page.do(() => document.querySelector<HTMLInputElement>('input[value="texts"]')?.click())
  await page.do(() => button('Ask')?.click())
  await page.until(() => expect(page.text).toContain('Promised to keep it until May 3, 2031'))
  expect(asked).toEqual([64 * 2 ** 20, 64 * 2 ** 20, 0])
  expect(page.text).not.toContain('It promised nothing')
  expect(page.text).toContain('On Feb 2, 2031 it showed that it has it.')
  expect(page.text).toContain('prolong it by themselves')
  expect(button('Ask again')).toBeUndefined()
  // A device asked for all of it, and there is room for the words alone.
  await page.do(() => holders.set([{ holder: hub, isOffered: true, wanted: { days: 90, blobs: 1 } }]))
  await page.do(() => leases.set([{ ...promised, blobs: 0 }]))
  await page.until(() => expect(page.text).toContain('Pictures and files it does not promise to keep'))

  await page.do(() => button('Give it up')?.click())
  await page.until(() => expect(document.body.textContent).toContain('stays for 30 days at most'))
  expect(leases.value).toHaveLength(1)
  await page.do(() => button('Give it up')?.click())
  await page.until(() => expect(page.text).toContain('The copy goes within 30 days'))
  expect(button('Ask for a promise')).toBeDefined()
})

test('[V36] [V38] a broken promise is told with what is known of it, and counts as none', async () => {
  const { leases, shown } = createWorld({ days: 90, blobs: 0 })
  await using page = await render(shown)
  await page.until(() => expect(page.text).toContain('nothing is promised yet'))
  // Nobody answers; later a device asks by itself.
  await page.do(() => button('Ask again')?.click())
  await page.do(() => button('Ask')?.click())
  await page.until(() => expect(page.text).toContain('It did not answer.'))
  await page.do(() => leases.set([promised]))
  await page.until(() => expect(page.text).toContain('Promised to keep it until'))
  expect(page.text).not.toContain('It did not answer.')
  await page.do(() => leases.set([{ ...promised, state: 'gone', failure: 'gone' }]))
  await page.until(() => expect(page.text).toContain('It says itself that it has the copy no more.'))
  expect(page.text).not.toContain('Promised to keep it until')
  await page.do(() => leases.set([{ ...promised, state: 'failed', failure: 'wrong-answer' }]))
  await page.until(() => expect(page.text).toContain('something else than what you wrote'))
  expect(button('Ask again')).toBeDefined()
})

test('[V35] [V37] who does not offer it says so; who is away hears later that it is given up', async () => {
  const { holders, leases, status, shown } = createWorld()
  await using page = await render(shown)
  await page.do(() => holders.set([]))
  await page.until(() => expect(page.text).toContain('It does not promise to keep anything.'))
  expect(button('Ask for a promise')).toBeUndefined()
  await page.do(() => {
    leases.set([promised])
    status.set({ sessions: [] })
    holders.set([{ holder: hub, isOffered: false, wanted: { days: 0, blobs: 0 } }])
  })
  await page.until(() => expect(page.text).toContain('It hears of that as soon as you are connected'))
  expect(page.text).not.toContain('Promised to keep it')
})
