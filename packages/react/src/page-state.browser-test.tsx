/**
 * The screens before a peer is open.
 *
 * @module
 */
import type { PeerState } from '@effigy/peer'
import { type ReactNode, StrictMode } from 'react'
import { expect, test } from 'vitest'
import { createFeedOf } from '../test/fake-peer.ts'
import { render } from '../test/render.tsx'
import { usePagePeer } from './page-state.ts'

test('each state is shown, the first at once; nobody is followed when nobody shows it', async () => {
  const states = createFeedOf<PeerState>({ type: 'starting', progress: null })
  const page = {
    get state() {
      return states.value
    },
    states: states.follow,
  }
  function Screen(): ReactNode {
    const state = usePagePeer(page)
    return state.type === 'locked' ? `locked ${state.wrong}` : state.type
  }
  {
    await using shown = await render(
      <StrictMode>
        <Screen />
      </StrictMode>,
    )
    expect(shown.text).toBe('starting')
    await shown.do(() => states.set({ type: 'locked', wrong: 2 }))
    await shown.until(() => expect(shown.text).toBe('locked 2'))
    await shown.until(() => expect(states.following).toBe(1))
  }
  await expect.poll(() => states.following).toBe(0)
})
