/** What is here of whom: figures that follow what comes, room that is told before it is given back, and the way back from it. */
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { expect, test } from 'vitest'
import { createFeedOf } from '../../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../../packages/react/test/render.tsx'
import { PageContext } from '../../app/page-context.ts'
import { ConfirmAct } from '../../components/confirm-act.tsx'
import { startWords } from '../../words/language.ts'
import { Screen } from './storage-screen.tsx'

await startWords()

const [self, bea, carl] = ['did:key:z6MkAda', 'did:key:z6MkBea', 'did:key:z6MkCarl']

/** By its words, without the key that does the same. */
const button = (name: string, at = 0) =>
  [...document.querySelectorAll('button')].filter(
    (one) => (one.querySelector('.mantine-Button-label') ?? one).textContent === name,
  )[at]

const person = (identity: string | undefined, fileBytes: number, more: object = {}) => ({
  ...{ identity, isSelf: identity === self, isFollowed: identity !== self, isLetGo: false },
  ...{ entries: 3, entryBytes: 1_000, fileBytes, ...more },
})

test('[B20] older files of a friend go once it was told what that frees, and come back; figures follow what comes', async () => {
  const done: string[] = []
  const here = { beas: 90_000_000, isLetGo: false, spare: 5_000_000 }
  let asked = 0
  const people = {
    async storage() {
      asked++
      const { beas, isLetGo, spare } = here
      const list = [person(self, 50_000_000), person(bea, beas, { isLetGo }), person(carl, 10_000)]
      const heldBytes = 50_010_000 + beas
      const files = { blocks: 9, bytes: heldBytes + spare, heldBytes, quotaBytes: null }
      return { people: list, count: 3, entries: 9, entryBytes: 3_000, files }
    },
    olderFiles: async () => ({ notes: 12, bytes: 80_000_000 }),
    async letGoOlder(identity: string, newest: number) {
      done.push(`let go ${identity} ${newest}`)
      Object.assign(here, { beas: 10_000_000, isLetGo: true })
      return { notes: 12, bytes: 80_000_000 }
    },
    async wantOlder(identity: string) {
      done.push(`want ${identity}`)
      here.isLetGo = false
    },
    async freeUnheld() {
      done.push('spare')
      here.spare = 0
      return 5_000_000
    },
  }
  const status = createFeedOf({ unverified: 0 })
  const name = createFeedOf({ identity: bea, petname: 'Bea', name: '', avatar: null, facts: [] })
  const peer = {
    ...{ identity: self, people, statuses: status.follow },
    live: (_name: string, _args: unknown, signal: AbortSignal) => name.follow(signal),
  }
  const room = async () => ({ usedBytes: 200_000_000, quotaBytes: 1_000_000_000, isPersisted: true })
  await using page = await render(
    <PageContext value={{ device: { room } } as never}>
      <PeerProvider peer={peer as never} graceMs={0}>
        <MantineProvider env="test">
          <Notifications />
          <Screen />
          <ConfirmAct />
        </MantineProvider>
      </PeerProvider>
    </PageContext>,
  )
  await page.until(() => expect(page.text).toContain('1 GB, of which 800 MB is free'))
  expect(page.text).toContain('90 MB of files')
  // Neither of oneself, nor where there is little.
  expect(button('Keep only the newest', 1)).toBeUndefined()

  await page.do(() => button('Keep only the newest')?.click())
  await page.until(() =>
    expect(document.body.textContent).toMatch(/12 older notes .* frees about 80 MB\. .* 30 newest stay/),
  )
  await page.do(() => button('Cancel')?.click())
  expect(done).toEqual([])
  await page.do(() => button('Keep only the newest')?.click())
  await page.until(() => expect(button('Keep only the newest', 1)).toBeDefined())
  await page.do(() => button('Keep only the newest', 1)?.click())
  await page.until(() => expect(page.text).toContain('10 MB of filesOlder pictures and files come when'))
  expect(document.body.textContent).toContain('About 80 MB is free again.')
  await page.do(() => button('Undo')?.click())
  await page.until(() => expect(document.body.textContent).toContain('as soon as somebody who has them'))
  await page.until(() => expect(page.text).not.toContain('Older pictures and files come when'))
  expect(done).toEqual([`let go ${bea} 30`, `want ${bea}`])

  await page.do(() => button('Free what is kept for later')?.click())
  await page.until(() => expect(button('Free what is kept for later')).toBeUndefined())
  expect(document.body.textContent).toContain('5 MB is free again.')

  // They come again, one after the other: it is asked now and then, not each time.
  const before = asked
  for (let unverified = 1; unverified < 50; unverified++) {
    here.beas += 1_000_000
    await page.do(() => status.set({ unverified }))
  }
  await page.until(() => expect(page.text).toContain('59 MB of files'))
  expect(asked - before).toBeLessThan(4)
})
