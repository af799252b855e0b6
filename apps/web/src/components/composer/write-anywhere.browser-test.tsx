/** A note that was deleted just before the page was closed goes once the device may write again. */
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { expect, test } from 'vitest'
import { createFeedOf } from '../../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../../packages/react/test/render.tsx'
import { startWords } from '../../words/language.ts'
import { WriteAnywhere } from './write-anywhere.tsx'

await startWords()

const identity = 'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp'
const cid = 'bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4'

test('[S13] a deletion is tried again as soon as this device may write', async () => {
  const key = `effigy-leaving/${identity}`
  localStorage.setItem(key, JSON.stringify([{ cid, identity, content: cid, how: 'remove', at: 1 }]))
  const status = createFeedOf({ mayWrite: false, feeds: [] })
  const idle = createFeedOf<unknown>(null)
  const removed: string[] = []
  const peer = {
    identity,
    live: (_name: string, _args: unknown, signal: AbortSignal) => idle.follow(signal),
    statuses: status.follow,
    account: { show: async () => null },
    async remove([one]: readonly string[]) {
      if (!status.value.mayWrite) throw Object.assign(new Error('absent'), { code: 'absent' })
      removed.push(one ?? '')
    },
  }
  await using page = await render(
    <PeerProvider peer={peer as never} graceMs={0}>
      <MantineProvider env="test">
        <WriteAnywhere />
      </MantineProvider>
    </PeerProvider>,
  )
  await page.until(() => expect(status.following).toBe(1))
  expect(localStorage.getItem(key)).not.toBeNull()
  await page.do(() => status.set({ mayWrite: true, feeds: [] }))
  await page.until(() => expect(removed).toEqual([cid]))
  expect(localStorage.getItem(key)).toBeNull()
})
