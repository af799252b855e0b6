/// <reference types="vite/client" />
/**
 * The examples of the README: each stands here, word for word, so it compiles; and it runs.
 *
 * @module
 */
import {
  type HookPeer,
  type Identity,
  type Item,
  PeerProvider,
  useProfile,
  useReady,
  useTimeline,
} from '@effigy/react'
import { memo, Suspense } from 'react'
import { expect, test } from 'vitest'
import readme from '../README.md?raw'
import { createFakePeer } from '../test/fake-peer.ts'
import { render } from '../test/render.tsx'
import source from './readme.browser-test.tsx?raw'

const nameIn = (profile: Item | null): string => (profile === null ? 'somebody' : String(profile))
const textOf = (payload: { readonly type: string }): string =>
  (payload as unknown as { readonly text: string }).text

const Note = memo(function Note({ item }: { readonly item: Item }) {
  const { value: profile } = useProfile(item.identity)
  if (item.state.type !== 'shown') return <li>…</li>
  return <li>{`${nameIn(profile)}: ${textOf(item.state.payload)}`}</li>
})

function Home() {
  const { type, items, hasMore, loadMore, error } = useTimeline({ pageSize: 50 })
  if (type === 'pending') return <p>One moment…</p>
  return (
    <>
      {error !== null && <p role="alert">{error.message}</p>}
      <ul>
        {items.map((item) => (
          <Note key={item.cid} item={item} />
        ))}
      </ul>
      {hasMore && (
        <button type="button" onClick={loadMore}>
          Older
        </button>
      )}
    </>
  )
}

function App({ peer }: { readonly peer: HookPeer }) {
  return (
    <PeerProvider peer={peer}>
      <Home />
    </PeerProvider>
  )
}

function Person({ identity }: { readonly identity: Identity }) {
  const { value } = useReady(useProfile(identity))
  return <h1>{nameIn(value)}</h1>
}

function PersonPage({ identity }: { readonly identity: Identity }) {
  return (
    <Suspense fallback={<p>One moment…</p>}>
      <Person identity={identity} />
    </Suspense>
  )
}

test('the examples are what is compiled here', () => {
  const examples = Array.from(readme.matchAll(/```tsx\n([\s\S]*?)```/g), ([, code = '']) => code.trim())
  expect(examples.length).toBe(3)
  for (const example of examples) for (const part of example.split('\n\n')) expect(source).toContain(part)
})

test('and they run', async () => {
  const { peer, table, profiles } = createFakePeer()
  profiles.set({ ann: 'Ann' })
  const state = { type: 'shown', payload: { type: 'public_note', text: 'hello' } }
  table.set([{ cid: 'a', identity: 'ann', state } as never])
  await using page = await render(<App peer={peer} />)
  await page.until(() => expect(page.text).toBe('Ann: hello'))
  await page.show(
    <PeerProvider peer={peer}>
      <PersonPage identity={'ann' as Identity} />
    </PeerProvider>,
  )
  await page.until(() => expect(page.text).toBe('Ann'))
})
