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

interface WritingProps {
  readonly peer: RemotePeer
  readonly isEncrypted?: boolean
  /** Places that quotes have. */
  readonly taken?: number
}

const many = Array.from({ length: 18 }, (_, at) => new File(['a'], `${at}.txt`))

function Writing({ peer, isEncrypted = false, taken = 0 }: WritingProps): ReactNode {
  const files = useAttached(peer, isEncrypted, taken)
  return (
    <>
      <button type="button" id="add" onClick={() => files.add([new File(['a'], 'a.txt')])}>
        Add
      </button>
      <button type="button" id="many" onClick={() => files.add(many)}>
        Add many
      </button>
      <button type="button" id="clear" onClick={files.clear}>
        Clear
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

test.for([
  { isEncrypted: false, taken: 0, leftOut: '2 files were left out', links: 1 },
  // For some readers: an album would show them to everybody.
  { isEncrypted: true, taken: 1, leftOut: '3 files were left out', links: 0 },
])('what a note has no room for is said: $leftOut', async ({ isEncrypted, taken, leftOut, links }) => {
  const fake = createFakePeer()
  const peer = Object.assign(fake.peer, { addFile: () => new Promise(() => {}) }) as unknown as RemotePeer
  await using page = await render(
    <PeerProvider peer={fake.peer} graceMs={30}>
      <MantineProvider env="test">
        <Writing peer={peer} isEncrypted={isEncrypted} taken={taken} />
      </MantineProvider>
    </PeerProvider>,
  )
  await page.click('#many')
  await page.until(() => expect(page.text).toContain(leftOut))
  expect(document.querySelectorAll('li')).toHaveLength(16 - taken)
  expect(document.querySelectorAll('a[href="/albums/new"]')).toHaveLength(links)
  await page.click('#clear')
  await page.until(() => expect(page.text).not.toContain('left out'))
})
