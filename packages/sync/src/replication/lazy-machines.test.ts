/** What is created with its first work looks from outside as if it had been there all the time. */
import { EffigyError, type Identity } from '@effigy/core'
import type { BlobWant } from '@effigy/store'
import { createFakeClock, createRandom } from '@effigy/testkit'
import { expect, test } from 'vitest'
import type { AnswerMessage } from './asked.ts'
import type { BlobClientPorts } from './blob-client.ts'
import { createBlobTransfers } from './blob-transfers.ts'
import { createClaims } from './claims.ts'
import type { FeedClientPorts } from './feed-client.ts'
import { fixtureIdentity } from './feed-fixture.ts'
import { LazyBlobClient, LazyFeedClient } from './lazy-machines.ts'

const identity = fixtureIdentity(createRandom('lazy machines'))
const head = { epoch: 1, length: 1, head: 'no entry' }

/** A feed client whose store is asked what a feed needs, and needs nothing. */
function openFeeds(isTold: () => boolean) {
  const clock = createFakeClock()
  const claims = createClaims<Identity>(clock)
  const calls: string[] = []
  const soon: (() => void)[] = []
  const store = {
    feed: () => null,
    need() {
      calls.push('need')
      return null
    },
    finishAppending: () => void calls.push('commit'),
  }
  const effects = { soon: (run: () => void) => void soon.push(run), after: clock.after }
  const ports = { store, effects, claims, clock, remoteHead: () => (isTold() ? head : null) }
  const feeds = new LazyFeedClient(ports as unknown as FeedClientPorts)
  const settle = (): void => {
    for (const run of soon.splice(0)) run()
  }
  return { feeds, calls, settle }
}

test('a feed client looks for nothing before a head is told, and then at once', () => {
  let isTold = false
  const { feeds, calls, settle } = openFeeds(() => isTold)
  feeds.schedule(identity)
  feeds.forgive(identity)
  settle()
  expect([calls, feeds.busy(), feeds.progress().size]).toEqual([[], 0, 0])
  isTold = true
  feeds.schedule(identity)
  expect(feeds.busy()).toBe(1)
  settle()
  expect([calls, feeds.busy()]).toEqual([['need'], 0])
  feeds[Symbol.dispose]()
})

test('the end of a session commits what others append, whether it fetched or not, and nothing begins after it', () => {
  const { feeds, calls, settle } = openFeeds(() => true)
  feeds[Symbol.dispose]()
  expect(calls).toEqual(['commit'])
  feeds.schedule(identity)
  feeds.forgive(identity)
  settle()
  expect([calls, feeds.busy()]).toEqual([['commit'], 0])
})

test('[T16] a session that ends on a full disk hears of no claims any more', () => {
  const clock = createFakeClock()
  let heard = 0
  const claims = { watch: () => ({ [Symbol.dispose]: () => void heard-- }) }
  const store = {
    finishAppending() {
      throw new EffigyError('storage-full', 'no room')
    },
  }
  heard++
  const feeds = new LazyFeedClient({ store, claims, clock } as unknown as FeedClientPorts)
  expect(() => feeds[Symbol.dispose]()).toThrow('no room')
  expect(heard).toBe(0)
})

test('[M2] [T16] a blob client that is told to wait for ever asks again after a minute', async () => {
  const clock = createFakeClock()
  const answers: ((answer: AnswerMessage, bytes: Uint8Array) => void)[] = []
  const ports = {
    store: { wantedBlobs: () => [{ root: 'a root', size: 1, identity }], missingBlocks: () => [] },
    asked: {
      open: (_request: unknown, _bytes: unknown, answer: (typeof answers)[number]) => answers.push(answer),
      cancel: () => {},
    },
    effects: { after: clock.after, soon: (run: () => void) => run(), end: () => {} },
    transfers: createBlobTransfers(clock),
    mayName: () => false,
    keyedName: () => new Uint8Array(32),
    isSparing: () => false,
    remote: identity,
  } as unknown as BlobClientPorts
  using blobs = new LazyBlobClient(ports)
  blobs.refresh()
  const busy = { type: 'error', re: 1, code: 'busy', retry: Number.MAX_SAFE_INTEGER } as const
  answers[0]?.(busy, new Uint8Array())
  await clock.advance(59_999)
  expect(answers.length).toBe(1)
  await clock.advance(1)
  expect(answers.length).toBe(2)
})

test('a blob client asks for nothing while nothing is wanted, nor once the session is over', () => {
  let wanted: readonly BlobWant[] = []
  let reads = 0
  const clock = createFakeClock()
  const asked: string[] = []
  const ports = {
    store: {
      wantedBlobs() {
        reads++
        return wanted
      },
      missingBlocks: () => [],
    },
    asked: { open: ({ type }: { type: string }) => asked.push(type), cancel: () => {} },
    effects: { after: clock.after, soon: (run: () => void) => run(), end: () => {} },
    transfers: createBlobTransfers(clock),
    mayName: () => false,
    keyedName: () => new Uint8Array(32),
    isSparing: () => false,
    remote: identity,
  } as unknown as BlobClientPorts
  const [early, late] = [new LazyBlobClient(ports), new LazyBlobClient(ports)]
  early.refresh()
  expect([reads, asked, early.idle, early.wanted]).toEqual([1, [], true, []])
  wanted = [{ root: 'a root', size: 1, identity } as unknown as BlobWant]
  early.refresh()
  expect([asked, early.idle, early.wanted]).toEqual([['iwant'], false, wanted])
  late[Symbol.dispose]()
  late.refresh()
  late.askAnew()
  expect([asked, late.wanted]).toEqual([['iwant'], []])
  early[Symbol.dispose]()
})
