/** The end of an account where nobody hears of it: what is said, and that the keys stay. */
import { EffigyError } from '@effigy/core'
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { expect, test } from 'vitest'
import { createFeedOf } from '../../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../../packages/react/test/render.tsx'
import { PageContext } from '../../app/page-context.ts'
import { ConfirmAct } from '../../components/confirm-act.tsx'
import { startWords } from '../../words/language.ts'
import { DeleteAll } from './delete-all.tsx'

await startWords()

const left = { identity: 'left', label: 'Tablet', held: [1, 2, 'cid'], told: [1, 5, 'cid'] }

const nobody: readonly (typeof left)[] = []

function createWorld({ isDeliveredUpTo = 0, isDisputed = false, laptop = 0, frozen = nobody } = {}) {
  const account = createFeedOf<unknown>({ role: 'main', frozen })
  const done: string[] = []
  const gate = Promise.withResolvers<void>()
  const feed = createFeedOf({ head: { length: 30 }, held: laptop })
  const note = { content: 'a', identity: 'self', state: { type: 'shown', payload: { type: 'public_note' } } }
  async function* live(name: string, _args: unknown, signal: AbortSignal) {
    // Only what the hub has not heard of is told, and no more of it.
    if (name === 'delivery') yield { length: 5, places: [{ length: isDeliveredUpTo }], entries: [] }
    else if (name === 'inspecting.feed') yield* feed.follow(signal)
    else yield* account.follow(signal)
  }
  const peer = {
    identity: 'self',
    live,
    query: { feedItems: async () => ({ items: [note], next: null }), profile: async () => null },
    settled: async () => {},
    fetchOlder: async (_author: string, count: number) => void done.push(`fetch ${count}`),
    account: {
      show: async () => ({
        role: 'main',
        members: laptop > 0 ? [{ identity: 'self' }, { identity: 'laptop' }] : [],
        profile: { name: 'Ada', about: '', avatar: null },
        frozen,
      }),
      async set() {
        done.push('set')
        // All else goes all the same.
        if (isDisputed) throw new EffigyError('disputed', 'Two devices speak for this account.')
      },
      async given() {
        done.push('given')
        return false
      },
    },
    erase: async () => {
      done.push('erase')
      await gate.promise
    },
    publish: async () => void done.push('publish'),
  }
  function wipe(): Promise<void> {
    done.push('wipe')
    // What comes next would load this page anew.
    return new Promise(() => {})
  }
  const page = { device: { boxKey: async () => new Uint8Array(32), wipe } }
  const shown = (
    <PageContext value={page as never}>
      <PeerProvider peer={peer as never} graceMs={0}>
        <MantineProvider env="test">
          <Notifications />
          <DeleteAll />
          <ConfirmAct />
        </MantineProvider>
      </PeerProvider>
    </PageContext>
  )
  return { shown, done, gate, feed }
}

const buttons = (name: string) =>
  [...document.querySelectorAll('button')].filter(({ textContent }) => textContent === name)

/** As typed: React hears of what the element's own setter did. */
function type(field: HTMLInputElement, text: string): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

async function beginIn(page: Awaited<ReturnType<typeof render>>, reads = ''): Promise<void> {
  await page.do(() => buttons('Delete everything')[0]?.click())
  await page.until(() => expect(document.querySelector('[role=dialog] input')).not.toBeNull())
  expect(document.querySelector('[role=dialog]')?.textContent).toContain(reads)
  const field = document.querySelector<HTMLInputElement>('[role=dialog] input')
  await page.do(() => {
    if (field !== null) type(field, 'delete')
  })
  await page.do(() => buttons('Delete everything').at(-1)?.click())
}

test('[T14] what nobody heard of is told as such, the keys stay, a disputed account keeps nothing else, and who stops it is told what is left', async () => {
  const { shown, done, gate } = createWorld({ isDisputed: true })
  await using page = await render(shown)
  const begin = () => beginIn(page)
  await begin()
  await page.until(() => expect(page.text).toContain('Stay here until it is done.'))
  await page.do(() => buttons('Cancel')[0]?.click())
  await page.until(() => expect(document.body.textContent).toContain('What was erased so far stays erased.'))
  await page.do(() => gate.resolve())
  await page.until(() => expect(page.text).not.toContain('Stay here until it is done.'))
  await begin()
  await page.until(() => expect(page.text).toContain('Erased here, but your hub has not heard of it yet.'))
  expect(page.text).not.toContain('goes out by itself')
  expect(done).toEqual(['erase', 'erase', 'set', 'publish'])
})

test('[T14] the keys stay while no hub has heard that the account has no name any more', async () => {
  const { shown, done, gate } = createWorld({ isDeliveredUpTo: 5 })
  gate.resolve()
  await using page = await render(shown)
  await beginIn(page)
  await page.until(() => expect(page.text).toContain('Erased here, but your hub has not heard of it yet.'))
  expect(done).toEqual(['erase', 'set', 'publish', 'given'])
})

test('[T14] a disputed account, whose name nobody can clear, is waited for by nobody', async () => {
  const { shown, done, gate } = createWorld({ isDeliveredUpTo: 5, isDisputed: true })
  gate.resolve()
  await using page = await render(shown)
  await beginIn(page)
  await page.until(() => expect(done).toEqual(['erase', 'set', 'publish', 'wipe']))
})

test('[T14] what is not here yet is told and waited for, and then all of it is deleted', async () => {
  const { shown, done, gate, feed } = createWorld({ isDeliveredUpTo: 5, isDisputed: true, laptop: 18 })
  gate.resolve()
  await using page = await render(shown)
  await beginIn(page)
  await page.until(() => expect(page.text).toContain('Not here yet: 12 of 30 entries'))
  expect(done).toEqual(['fetch 30'])
  await page.do(() => feed.set({ head: { length: 30 }, held: 29 }))
  await page.until(() => expect(page.text).toContain('Not here yet: 1 of 30 entries'))
  await page.do(() => feed.set({ head: { length: 30 }, held: 30 }))
  await page.until(() => expect(done).toEqual(['fetch 30', 'erase', 'set', 'publish', 'wipe']))
})

test('[T14] [Y12] what is kept out of a device of before is told first, and waited for by nobody', async () => {
  const { shown, done, gate, feed } = createWorld({
    ...{ isDeliveredUpTo: 5, isDisputed: true, laptop: 2, frozen: [left] },
  })
  gate.resolve()
  await using page = await render(shown)
  await beginIn(page, 'Tablet is none of your devices any more, and 3 entries of it are not taken here')
  await page.until(() => expect(page.text).toContain('Not here yet: 28 of 32 entries'))
  await page.do(() => feed.set({ head: { length: 30 }, held: 30 }))
  await page.until(() => expect(done.at(-1)).toBe('wipe'))
})

test('[T14] who does not wait is told what stays with others, and deletes what is here', async () => {
  const { shown, done, gate } = createWorld({ isDeliveredUpTo: 5, isDisputed: true, laptop: 18 })
  gate.resolve()
  await using page = await render(shown)
  await beginIn(page)
  await page.until(() => expect(page.text).toContain('these stay with others until another device'))
  await page.do(() => buttons('Delete only what is here')[0]?.click())
  await page.until(() => expect(done.at(-1)).toBe('wipe'))
  expect(done).toContain('erase')
})

test('[T14] what is heard of only while it is deleted is deleted, too, before the keys go', async () => {
  const { shown, done, gate, feed } = createWorld({ isDeliveredUpTo: 5, isDisputed: true, laptop: 30 })
  await using page = await render(shown)
  await beginIn(page)
  await page.until(() => expect(done).toEqual(['erase']))
  await page.do(() => feed.set({ head: { length: 31 }, held: 30 }))
  await page.do(() => gate.resolve())
  await page.until(() => expect(page.text).toContain('Not here yet: 1 of 31 entries'))
  expect(done).not.toContain('wipe')
  await page.do(() => feed.set({ head: { length: 31 }, held: 31 }))
  await page.until(() => expect(done.at(-1)).toBe('wipe'))
})
