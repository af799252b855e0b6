/** What stands in the place of the app while nobody answers. */
import type { PagePeer, PeerState } from '@effigy/peer/page'
import { MantineProvider } from '@mantine/core'
import { expect, test } from 'vitest'
import { createFeedOf } from '../../../../packages/react/test/fake-peer.ts'
import { render } from '../../../../packages/react/test/render.tsx'
import { startWords } from '../words/language.ts'
import { Gate } from './gate.tsx'
import { PageContext } from './page-context.ts'

await startWords()

const open = {
  type: 'open',
  identity: 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK' as never,
  storage: { persistence: 'durable', reason: null, isGone: false },
  continuity: 'continued',
} satisfies PeerState

test('[O13] a leader that falls silent is told of to a page that was open, and nothing of it goes', async () => {
  const states = createFeedOf<PeerState>(open)
  const page = {
    get state() {
      return states.value
    },
    states: states.follow,
    // Nothing is answered.
    peer: { identity: open.identity, live: () => createFeedOf(null).follow(new AbortController().signal) },
  } as unknown as PagePeer
  await using shown = await render(
    <MantineProvider>
      <PageContext value={page}>
        <Gate isNew={false} />
      </PageContext>
    </MantineProvider>,
  )
  const field = () => shown.element.querySelector('input')
  await shown.until(() => expect(field()).not.toBeNull())
  const before = field()
  expect(shown.text).not.toContain('Another tab')
  await shown.do(() => states.set({ type: 'starting', progress: null }))
  expect(shown.text).not.toContain('Another tab')
  await shown.do(() => states.set({ type: 'starting', progress: null, isSilent: true }))
  await shown.until(() => expect(shown.text).toContain('Another tab of this app has your data'))
  // What is being written stays where it is.
  expect(field()).toBe(before)
  await shown.do(() => states.set(open))
  await shown.until(() => expect(shown.text).not.toContain('Another tab'))
})
