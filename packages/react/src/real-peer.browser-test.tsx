/**
 * Every hook over real peers in Chromium: through a message port as apps have it, and in the same thread.
 *
 * @module
 */
import type { Peer } from '@effigy/peer'
import { type ReactNode, StrictMode } from 'react'
import { describe, expect, test } from 'vitest'
import { createPagePeers } from '../../peer/test/page-peers.ts'
import { linkPage } from '../../peer/test/remote-kit.ts'
import { render } from '../test/render.tsx'
import {
  type HookPeer,
  type Item,
  localPeer,
  PeerProvider,
  useBlob,
  useConversations,
  useFeed,
  useInbox,
  useLive,
  useMentions,
  useMessages,
  usePeer,
  usePresence,
  useProfile,
  useSearch,
  useSync,
  useThread,
  useTimeline,
} from './index.ts'

const never = new AbortController().signal
const note = (text: string) => ({ type: 'public_note', at: Date.now(), text }) as never

const textOf = ({ state }: Item): string =>
  state.type === 'shown' ? String((state.payload as { readonly text?: string }).text) : state.type

const show = (peer: HookPeer, node: ReactNode) => (
  <StrictMode>
    <PeerProvider peer={peer} graceMs={50}>
      {node}
    </PeerProvider>
  </StrictMode>
)

const open = (peer: Peer): HookPeer => linkPage(peer).remote

/** The two ways to a peer. */
const ways = [
  ['through a port', open],
  ['in the same thread', localPeer],
] as const

describe('a real peer, through a port', () => {
  test('what a friend writes is on the timeline, in the thread, in the profile', async () => {
    await using peers = await createPagePeers('friends')
    const { alice, bob } = peers
    const peer = open(alice)
    const first = await alice.publish(note('hello'))
    function All(): ReactNode {
      const { items } = useTimeline({ pageSize: 2 })
      const thread = useThread(alice.identity, first.content)
      const feed = useFeed(bob.identity)
      const profile = useProfile(bob.identity)
      const mentions = useMentions(alice.identity)
      const reactions = useLive('reactions', alice.identity, first.content)
      const name = (profile.value?.state.type === 'shown' && profile.value.state.payload) as { name?: string }
      return JSON.stringify({
        timeline: items.map(textOf),
        thread: thread.items.map(textOf),
        feed: feed.items.length,
        name: name?.name ?? null,
        mentions: mentions.items.length,
        reactions: reactions.value?.map(({ label }) => label) ?? null,
      })
    }
    await using page = await render(show(peer, <All />))
    const shown = () => JSON.parse(page.text)
    await page.until(() => expect(shown()).toMatchObject({ timeline: ['hello'], reactions: [] }))
    await peers.meet()
    await page.until(() => expect(shown()).toMatchObject({ name: 'bob' }))
    const target = { identity: alice.identity, content: first.content, entry: first.cid, synod: null }
    await bob.publish({ type: 'comment', at: Date.now(), text: 'hi Alice', target, thread: null } as never)
    await page.until(() => expect(shown()).toMatchObject({ thread: ['hi Alice'], mentions: 1 }))
    await bob.publish(note('from Bob'))
    await page.until(() => expect(shown().timeline).toEqual(['from Bob', 'hello']))
    expect(shown().feed).toBeGreaterThanOrEqual(3)
  })

  test('conversations and their messages', async () => {
    await using peers = await createPagePeers('talk')
    const { alice, bob } = peers
    function Talk(): ReactNode {
      const { items } = useConversations()
      const { items: messages } = useMessages(alice.conversations.nameOf([bob.identity]))
      return JSON.stringify([items.map(({ unread }) => unread), messages.map(textOf)])
    }
    await using page = await render(show(open(alice), <Talk />))
    await peers.meet()
    await page.until(() => expect(alice.query.profile(bob.identity)).not.toBeNull())
    await alice.conversations.write([bob.identity], { text: 'psst' } as never)
    await page.until(() => expect(JSON.parse(page.text)).toEqual([[0], ['psst']]))
    await page.until(() => expect(bob.query.profile(alice.identity)).not.toBeNull())
    await bob.conversations.write([alice.identity], { text: 'yes?' })
    await page.until(() => expect(JSON.parse(page.text)).toEqual([[1], ['yes?', 'psst']]))
    await alice.conversations.markRead(alice.conversations.nameOf([bob.identity]))
    await page.until(() => expect(JSON.parse(page.text)[0]).toEqual([0]))
  })

  test('status, presence, inbox and search', async () => {
    await using peers = await createPagePeers('state')
    const { alice, bob } = peers
    function State(): ReactNode {
      const [status, presence, inbox] = [useSync(), usePresence(), useInbox()]
      const found = useSearch('needle')
      return JSON.stringify({
        sessions: status.value?.sessions.length ?? null,
        here: presence.value?.here.length ?? null,
        inbox: inbox.value,
        found: found.items.map(textOf),
        errors: [status, presence, inbox, found].map(({ error }) => error?.code ?? null),
      })
    }
    await using page = await render(show(open(alice), <State />))
    const shown = () => JSON.parse(page.text)
    await page.until(() =>
      expect(shown()).toMatchObject({ sessions: 0, inbox: { requests: [], waiting: [] } }),
    )
    await peers.meet()
    await page.until(() => expect(shown()).toMatchObject({ sessions: 1 }))
    await bob.publish(note('a needle in the hay'))
    await page.until(() => expect(shown()).toMatchObject({ found: ['a needle in the hay'] }))
    expect(shown().errors).toEqual([null, null, null, null])
  })

  test('what a stranger left waits for a person, who takes it or not', async () => {
    await using peers = await createPagePeers('inbox')
    function Requests(): ReactNode {
      const { value, error } = useInbox()
      const { drops } = usePeer()
      return (
        <div>
          {value?.requests.map(({ id, payload }) => (
            <button key={id} type="button" onClick={() => void drops.remove(id)}>
              {JSON.stringify(payload)}
            </button>
          ))}
          <i>
            {value?.requests.length} {value?.waiting.length} {error?.code}
          </i>
        </div>
      )
    }
    await using page = await render(show(open(peers.alice), <Requests />))
    const said = () => page.element.querySelector('i')?.textContent?.trim()
    await page.until(() => expect(said()).toBe('0 0'))
    const sent = await peers.strangerDrops({ type: 'x-hello', text: 'do you know me?' })
    expect(sent.boxes).toMatchObject([{ type: 'kept' }])
    await page.until(() => expect(page.text).toContain('do you know me?'))
    expect(said()).toBe('1 0')
    await page.click('button')
    await page.until(() => expect(said()).toBe('0 0'))
  })

  test('a file of a friend, fetched and shown', async () => {
    await using peers = await createPagePeers('file')
    const { alice, bob } = peers
    const bytes = new Uint8Array(300_000).fill(7)
    async function* source(): AsyncGenerator<Uint8Array> {
      yield bytes
    }
    const added = await bob.addFile(source(), { encrypted: true, signal: never })
    await peers.meet()
    function File(): ReactNode {
      const { type, blob, url, error } = useBlob(
        added.root,
        added.secret === null ? {} : { secret: added.secret },
      )
      return <a href={url ?? undefined}>{`${type} ${blob?.size} ${error?.code}`}</a>
    }
    await using page = await render(show(open(alice), <File />))
    await page.until(() => expect(page.text).toBe('ready 300000 undefined'))
    const url = page.element.querySelector('a')?.getAttribute('href') ?? ''
    expect(new Uint8Array(await (await fetch(url)).arrayBuffer())).toEqual(bytes)
  })
})

describe.each(ways)('a real peer, %s', (way, openBy) => {
  test('pages of a timeline, in order, as entries come', async () => {
    await using peers = await createPagePeers(`pages ${way}`)
    const { alice } = peers
    for (let count = 0; count < 12; count++) await alice.publish(note(`note ${count}`))
    function Timeline(): ReactNode {
      const { items, hasMore, loadMore } = useTimeline({ pageSize: 5 })
      return (
        <button type="button" id="more" onClick={loadMore}>
          {items.length} {String(hasMore)} {items.map((item) => textOf(item).slice(5)).join()}
        </button>
      )
    }
    await using page = await render(show(openBy(alice), <Timeline />))
    await page.until(() => expect(page.text).toBe('5 true 11,10,9,8,7'))
    await page.click('#more')
    await page.until(() => expect(page.text).toBe('10 true 11,10,9,8,7,6,5,4,3,2'))
    await alice.publish(note('note 12'))
    await page.until(() => expect(page.text).toBe('11 true 12,11,10,9,8,7,6,5,4,3,2'))
    await page.click('#more')
    await page.until(() => expect(page.text).toBe('13 false 12,11,10,9,8,7,6,5,4,3,2,1,0'))
    const middle = alice.query.timeline({ limit: 500 }).items[6]
    if (middle !== undefined) await alice.remove([middle.cid])
    await page.until(() => expect(page.text).toBe('12 false 12,11,10,9,8,7,5,4,3,2,1,0'))
  })

  test('when the peer is closed, hooks say so', async () => {
    await using peers = await createPagePeers(`end ${way}`)
    const { alice } = peers
    function State(): ReactNode {
      const [status, timeline] = [useSync(), useTimeline()]
      return `${status.type} ${timeline.type}`
    }
    await using page = await render(show(openBy(alice), <State />))
    await page.until(() => expect(page.text).toBe('ready ready'))
    await alice[Symbol.asyncDispose]()
    await page.until(() => expect(page.text).toBe('failed failed'))
  })
})
