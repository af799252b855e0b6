/**
 * Hooks over a peer whose answers the test writes down: who asks, who stops asking, who renders.
 *
 * @module
 */
import { memo, type ReactNode, StrictMode, Suspense, useState } from 'react'
import { describe, expect, test } from 'vitest'
import { createFakePeer, rows } from '../test/fake-peer.ts'
import { Boundary, render } from '../test/render.tsx'
import { useReady } from './answer.ts'
import { useFeed, useTimeline } from './lists.ts'
import { defaultLivePages } from './paged-list.ts'
import { PeerProvider, usePeer } from './provider.tsx'
import { useInbox, usePresence, useProfile, useSync } from './queries.ts'

const graceMs = 50
const name = (text: string) => text as never

function Profile({ of }: { readonly of: string }): ReactNode {
  const { type, value, error } = useProfile(name(of))
  return (
    <p>
      {of}:{type}:{String(value)}:{error?.code ?? ''}|
    </p>
  )
}

describe('one answer', () => {
  test('pending, then ready, then what changed', async () => {
    const { peer, profiles } = createFakePeer()
    await using page = await render(
      <PeerProvider peer={peer} graceMs={graceMs}>
        <Profile of="ann" />
      </PeerProvider>,
    )
    await page.until(() => expect(page.text).toBe('ann:ready:null:|'))
    await page.do(() => profiles.set({ ann: 'Ann' }))
    await page.until(() => expect(page.text).toBe('ann:ready:Ann:|'))
  })

  test('components that ask the same share one subscription, which ends after the last of them', async () => {
    const { peer, profiles } = createFakePeer()
    const show = (...of: readonly string[]) => (
      <PeerProvider peer={peer} graceMs={graceMs}>
        {of.map((one, at) => (
          <Profile key={at} of={one} />
        ))}
      </PeerProvider>
    )
    await using page = await render(show('ann', 'ann', 'ben'))
    await page.until(() => expect(page.text).toContain('ben:ready'))
    expect(profiles.following).toBe(2)
    await page.show(show('ann'))
    await page.until(() => expect(profiles.following).toBe(1))
    // Back within the grace, it is shown at once and asked no second time.
    const { opened } = profiles
    await page.show(show())
    await page.show(show('ann'))
    expect(page.text).toBe('ann:ready:null:|')
    expect(profiles.opened).toBe(opened)
    await page.show(null)
    await page.until(() => expect(profiles.following).toBe(0))
  })

  test('StrictMode leaves no second subscription, and none behind', async () => {
    const { peer, profiles } = createFakePeer()
    {
      await using page = await render(
        <StrictMode>
          <PeerProvider peer={peer} graceMs={graceMs}>
            <Profile of="ann" />
          </PeerProvider>
        </StrictMode>,
      )
      await page.until(() => expect(page.text).toContain('ready'))
      expect(profiles.opened).toBe(1)
      expect(profiles.following).toBe(1)
    }
    await expect.poll(() => profiles.following).toBe(0)
  })

  test('another question is another subscription; another peer begins anew', async () => {
    const [one, other] = [createFakePeer(), createFakePeer()]
    other.profiles.set({ ben: 'Ben of the other' })
    await using page = await render(null)
    const show = (peer: typeof one.peer, of: string) =>
      page.show(
        <PeerProvider peer={peer} graceMs={graceMs}>
          <Profile of={of} />
        </PeerProvider>,
      )
    await show(one.peer, 'ann')
    await show(one.peer, 'ben')
    await page.until(() => expect(page.text).toBe('ben:ready:null:|'))
    await page.until(() => expect(one.profiles.following).toBe(1))
    await show(other.peer, 'ben')
    await page.until(() => expect(page.text).toBe('ben:ready:Ben of the other:|'))
    await page.until(() => expect(one.profiles.following).toBe(0))
  })

  test('a failure is a value with its code, beside what was known', async () => {
    const { peer, profiles } = createFakePeer()
    profiles.set({ ann: 'Ann' })
    await using page = await render(
      <PeerProvider peer={peer} graceMs={graceMs}>
        <Profile of="ann" />
      </PeerProvider>,
    )
    await page.until(() => expect(page.text).toContain('ready'))
    await page.do(() => profiles.fail(Object.assign(new Error('too much'), { code: 'port-busy' })))
    await page.until(() => expect(page.text).toBe('ann:failed:Ann:port-busy|'))
  })

  test('status, presence and inbox are followed', async () => {
    const { peer, statuses, presence, drops } = createFakePeer()
    function All(): ReactNode {
      const [status, who, inbox] = [useSync(), usePresence(), useInbox()]
      return JSON.stringify([status.value, who.value, inbox.value])
    }
    await using page = await render(
      <PeerProvider peer={peer} graceMs={graceMs}>
        <All />
      </PeerProvider>,
    )
    const request = { id: 'r', isRequest: true }
    await page.do(() => drops.set([request, { id: 'w', isRequest: false }]))
    await page.until(() =>
      expect(JSON.parse(page.text)).toEqual([
        { unverified: 3 },
        { here: [] },
        { waiting: [{ id: 'w', isRequest: false }], requests: [request] },
      ]),
    )
    await page.show(null)
    await page.until(() =>
      expect([statuses.following, presence.following, drops.following]).toEqual([0, 0, 0]),
    )
  })

  test('without a provider it says what to do', async () => {
    await using page = await render(<Boundary>{null}</Boundary>)
    function Lost(): ReactNode {
      usePeer()
      return null
    }
    await page.show(
      <Boundary>
        <Lost />
      </Boundary>,
    )
    expect(page.text).toContain('PeerProvider')
  })
})

describe('Suspense', () => {
  function ReadyProfile({ of }: { readonly of: string }): ReactNode {
    const { value } = useReady(useProfile(name(of)))
    return <p>{String(value)}</p>
  }

  test('waits, shows, and asks once, in StrictMode too', async () => {
    const { peer, profiles } = createFakePeer()
    profiles.set({ ann: 'Ann' })
    {
      await using page = await render(
        <StrictMode>
          <PeerProvider peer={peer} graceMs={graceMs}>
            <Suspense fallback="waiting">
              <ReadyProfile of="ann" />
            </Suspense>
          </PeerProvider>
        </StrictMode>,
      )
      await page.until(() => expect(page.text).toBe('Ann'))
      expect(profiles.opened).toBe(1)
      await page.do(() => profiles.set({ ann: 'Ann B.' }))
      await page.until(() => expect(page.text).toBe('Ann B.'))
    }
    await expect.poll(() => profiles.following).toBe(0)
  })

  test('a failure reaches the boundary with its code, and trying again asks again', async () => {
    const { peer, profiles } = createFakePeer()
    profiles.fail(Object.assign(new Error('gone'), { code: 'interrupted' }))
    await using page = await render(
      <PeerProvider peer={peer} graceMs={graceMs}>
        <Boundary>
          <Suspense fallback="waiting">
            <ReadyProfile of="ann" />
          </Suspense>
        </Boundary>
      </PeerProvider>,
    )
    await page.until(() => expect(page.text).toBe('failed: interrupted'))
    profiles.fail(null)
    await page.until(() => expect(profiles.following).toBe(0))
    await page.do(() => new Promise((resolve) => setTimeout(resolve, 300)))
    await page.click('#again')
    await page.until(() => expect(page.text).toBe('null'))
  })

  test('a list is waited for as well', async () => {
    const { peer } = createFakePeer(rows(3))
    function ReadyList(): ReactNode {
      const { items } = useReady(useTimeline())
      return items.map(({ cid }) => <p key={cid}>{cid}|</p>)
    }
    await using page = await render(
      <PeerProvider peer={peer} graceMs={graceMs}>
        <Suspense fallback="waiting">
          <ReadyList />
        </Suspense>
      </PeerProvider>,
    )
    await page.until(() => expect(page.text).toBe('row 2|row 1|row 0|'))
  })
})

describe('lists', () => {
  let rendered: string[] = []
  const Row = memo(function Row({
    item,
  }: {
    readonly item: { readonly cid: string; readonly text?: string }
  }) {
    rendered.push(item.cid)
    return (
      <li>
        {item.cid} {item.text}
      </li>
    )
  })

  function Timeline({ pageSize }: { readonly pageSize: number }): ReactNode {
    const { type, items, hasMore, isLoadingMore, loadMore, look } = useTimeline({ pageSize })
    return (
      <div>
        <button type="button" id="more" onClick={loadMore}>
          {type} {items.length} {String(hasMore)} {String(isLoadingMore)}
        </button>
        <button type="button" id="look" onClick={() => look(items.length >> 1)} />
        <ul>
          {items.map((item) => (
            <Row key={item.cid} item={item} />
          ))}
        </ul>
      </div>
    )
  }

  const state = (page: { readonly element: HTMLElement }) => page.element.querySelector('#more')?.textContent

  test('only what changed renders again', async () => {
    const { peer, table } = createFakePeer(rows(30))
    rendered = []
    await using page = await render(
      <PeerProvider peer={peer} graceMs={graceMs}>
        <Timeline pageSize={10} />
      </PeerProvider>,
    )
    await page.until(() => expect(state(page)).toBe('ready 10 true false'))
    await page.click('#more')
    await page.until(() => expect(state(page)).toBe('ready 20 true false'))
    rendered = []
    await page.do(() => table.set([{ cid: 'new', text: '' }, ...table.value]))
    await page.until(() => expect(page.element.querySelector('li')?.textContent).toContain('new'))
    await page.until(() => expect(state(page)).toBe('ready 21 true false'))
    expect(rendered).toEqual(['new'])
    rendered = []
    await page.do(() =>
      table.set(table.value.map((row) => (row.cid === 'row 25' ? { ...row, text: 'edited' } : row))),
    )
    await page.until(() => expect(rendered).toEqual(['row 25']))
  })

  test('10,000 rows, page by page: few live questions, each row rendered once', async () => {
    const { peer, table } = createFakePeer(rows(10_000))
    function Count(): ReactNode {
      const { items, hasMore, loadMore } = useTimeline({ pageSize: 250 })
      return (
        <button type="button" id="more" onClick={loadMore}>
          {items.length} {String(hasMore)} {items.at(-1)?.cid}
        </button>
      )
    }
    await using page = await render(
      <PeerProvider peer={peer} graceMs={graceMs}>
        <Count />
      </PeerProvider>,
    )
    for (let count = 250; count <= 10_000; count += 250) {
      await page.until(() => expect(state(page)).toBe(`${count} ${count < 10_000} row ${10_000 - count}`))
      await page.click('#more')
    }
    expect(table.following).toBeLessThanOrEqual(defaultLivePages)
    await page.show(null)
    await page.until(() => expect(table.following).toBe(0))
  })

  test('two components show one list, and a page that one loads the other has', async () => {
    const { peer, table, asked } = createFakePeer(rows(30))
    await using page = await render(
      <PeerProvider peer={peer} graceMs={graceMs}>
        <Timeline pageSize={10} />
        <Timeline pageSize={10} />
      </PeerProvider>,
    )
    await page.until(() => expect(state(page)).toBe('ready 10 true false'))
    await page.click('#more')
    await page.until(() => expect(page.element.querySelectorAll('li').length).toBe(40))
    expect(asked.length).toBe(2)
    expect(table.following).toBe(2)
  })

  test('a failure keeps the items; an end of the peer is one', async () => {
    const { peer, table } = createFakePeer(rows(5))
    function Feed(): ReactNode {
      const { type, items, error } = useFeed(name('ann'))
      return `${type} ${items.length} ${error?.code ?? ''}`
    }
    await using page = await render(
      <PeerProvider peer={peer} graceMs={graceMs}>
        <Feed />
      </PeerProvider>,
    )
    await page.until(() => expect(page.text).toBe('ready 5 '))
    await page.do(() => table.fail(Object.assign(new Error('closed'), { code: 'closed' })))
    await page.until(() => expect(page.text).toBe('failed 5 closed'))
  })

  test('renders that are thrown away leave nothing running', async () => {
    const { peer, profiles } = createFakePeer()
    function Fickle(): ReactNode {
      const [count, setCount] = useState(0)
      const { value } = useProfile(name(`person ${count}`))
      // Another question before the one before was ever committed.
      if (count < 20) setCount(count + 1)
      return `${count} ${String(value)}`
    }
    await using page = await render(
      <PeerProvider peer={peer} graceMs={graceMs}>
        <Fickle />
      </PeerProvider>,
    )
    await page.until(() => expect(page.text).toBe('20 null'))
    expect(profiles.opened).toBe(1)
    expect(profiles.following).toBe(1)
  })
})
