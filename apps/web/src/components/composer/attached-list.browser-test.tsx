/** A file that failed is taken in again by the button that says so, where the file is not to blame. */
import type { RemotePeer } from '@effigy/peer/page'
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import type { ReactNode } from 'react'
import { expect, test } from 'vitest'
import { createFakePeer } from '../../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../../packages/react/test/render.tsx'
import { startWords } from '../../words/language.ts'
import { AttachedList } from './attached-list.tsx'
import { useAttached } from './use-attached.ts'

await startWords()

function Writing({ peer }: { readonly peer: RemotePeer }): ReactNode {
  const files = useAttached(peer, false)
  return (
    <>
      <button type="button" id="add" onClick={() => files.add([new File(['a'], 'a.txt')])}>
        Add
      </button>
      <AttachedList files={files} />
    </>
  )
}

test('what failed by the machine is tried again, what is wrong with the file is not', async () => {
  const fake = createFakePeer()
  const faults = ['storage-failed', 'media-damaged']
  const addFile = async (): Promise<never> => {
    throw Object.assign(new Error('no'), { code: faults.shift() })
  }
  const peer = Object.assign(fake.peer, { addFile }) as unknown as RemotePeer
  await using page = await render(
    <PeerProvider peer={fake.peer} graceMs={30}>
      <MantineProvider env="test">
        <Writing peer={peer} />
      </MantineProvider>
    </PeerProvider>,
  )
  await page.click('#add')
  await page.until(() => expect(page.text).toContain('Try again'))
  await page.click('[role="alert"] button')
  await page.until(() => expect(page.text).toContain('Send it as it is'))
  expect(faults).toEqual([])
  expect(page.text).not.toContain('Try again')
})
