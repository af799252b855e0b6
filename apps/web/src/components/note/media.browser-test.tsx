/** What failed to load is loaded by the button that says so. */
import type { MediaFile } from '@effigy/core'
import { PeerProvider } from '@effigy/react'
import { MantineProvider } from '@mantine/core'
import { expect, test } from 'vitest'
import { createFakePeer } from '../../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../../packages/react/test/render.tsx'
import { startWords } from '../../words/language.ts'
import { Media } from './media.tsx'

const author = 'did:key:z6MkAuthor' as never
const file = (kind: MediaFile['kind'], mime: string): MediaFile =>
  ({ kind, mime, blob: `bafkreifile-${kind}`, bytes: 4 }) as unknown as MediaFile

await startWords()

test.for([
  ['video', 'video/mp4'],
  ['audio', 'audio/mpeg'],
  ['document', 'application/pdf'],
] as const)('%s: again after it failed', async ([kind, mime]) => {
  const { peer, fetches } = createFakePeer()
  await using page = await render(
    <PeerProvider peer={peer} graceMs={30}>
      <MantineProvider env="test">
        <Media author={author} file={file(kind, mime)} />
      </MantineProvider>
    </PeerProvider>,
  )
  await page.click('button')
  await page.until(() => expect(fetches.length).toBe(1))
  await page.do(() => fetches[0]?.reject(Object.assign(new Error('no'), { code: 'unreachable' })))
  await page.until(() => expect(page.element.querySelector('[role="alert"]')).not.toBeNull())
  await page.click('button')
  await page.until(() => expect(fetches.length).toBe(2))
})
