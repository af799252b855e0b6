/** Asking whether the other side has everything of ours, and what it may answer. */
import { type Identity, identityOfKey, rawCidOfDigest } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Message } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createReceipts } from './receipts.ts'

const self: Identity = identityOfKey(new Uint8Array(32).fill(1))

function world({ hub = true }: { readonly hub?: boolean } = {}) {
  const clock = createFakeClock()
  const sent: { readonly message: Message; readonly bytes: Uint8Array | undefined }[] = []
  let head = { epoch: 1, length: 100 }
  const receipts = createReceipts({
    session: {
      send: (message, bytes) => void sent.push({ message, bytes: bytes as Uint8Array | undefined }),
    },
    self,
    store: {
      feed: () => {
        const digest = new Uint8Array(32)
        new DataView(digest.buffer).setUint32(0, head.epoch * 1_000_000 + head.length)
        return { record: { head: { ...head, head: rawCidOfDigest(digest) } } }
      },
    } as unknown as Pick<Store, 'feed'>,
    clock,
    isHub: () => hub,
    changed: () => {},
  })
  const asked = () => sent.filter(({ message }) => message.type === 'getfeed')
  return {
    clock,
    sent,
    receipts,
    asked,
    publish(length: number, epoch = 1) {
      head = { epoch, length }
      receipts.published()
    },
    /** Waits for the next question and answers it. */
    async answer(give: (re: number) => Message) {
      const before = asked().length
      await clock.runUntil(() => asked().length > before, 400_000)
      const message = asked().at(-1)?.message
      const re = message !== undefined && 'id' in message ? message.id : 0
      receipts.take(give(re))
    },
  }
}

const feed = (base: number, total: number) => (re: number) => ({ type: 'feed', re, base, total }) as const
const error = (retry: number | null) => (re: number) =>
  ({ type: 'error', re, code: retry === null ? 'absent' : 'not-yet', retry }) as const

test('only who watches us is asked', async () => {
  const { receipts, clock, asked } = world()
  receipts.watched([identityOfKey(new Uint8Array(32).fill(2))])
  await clock.advance(10_000)
  expect(asked()).toEqual([])
  expect(receipts.state).toBe('unwanted')
  receipts.watched([self])
  await clock.advance(400)
  expect(asked().length).toBe(1)
})

test('all of it is given; what is more than that, less, or beside it, is not', async () => {
  for (const [base, total] of [
    [0, 99],
    [0, 101],
    [1, 99],
    [100, 0],
  ] as const) {
    const { receipts, answer } = world()
    receipts.watched([self])
    await answer(feed(base, total))
    expect(receipts.state).toBe('pending')
    await answer(feed(0, 100))
    expect(receipts.state).toBe('given')
  }
})

test('what is sent with the answer is cancelled, and the rest of it taken without a word', async () => {
  const { receipts, answer, sent } = world()
  receipts.watched([self])
  await answer(feed(0, 100))
  const [question, cancel] = sent.map(({ message }) => message)
  const id = question !== undefined && 'id' in question ? question.id : 0
  expect(cancel).toEqual({ type: 'cancel', id })
  expect(receipts.take({ type: 'batch', re: id, end: false, first: 1, count: 3 })).toBe(true)
  expect(receipts.take({ type: 'feed', re: id, base: 0, total: 1 })).toBe(true)
  expect(receipts.state).toBe('given')
  // Answers to replication, and to pings, are not ours.
  expect(receipts.take({ type: 'feed', re: 1, base: 0, total: 1 })).toBe(false)
  expect(receipts.take({ type: 'pong', re: 2 ** 52, end: true })).toBe(false)
})

test('after the next entries only those are asked about; after a rebase everything', async () => {
  const { receipts, answer, asked, publish } = world()
  receipts.watched([self])
  await answer(feed(0, 100))
  publish(103)
  expect(receipts.state).toBe('pending')
  await answer(feed(100, 3))
  expect(receipts.state).toBe('given')
  expect(asked().at(-1)).toMatchObject({ message: { length: 100 }, bytes: { length: 32 + 36 + 8 } })
  publish(90, 2)
  await answer(feed(0, 90))
  expect(receipts.state).toBe('given')
  expect(asked().at(-1)).toMatchObject({ message: { length: 0 }, bytes: { length: 32 + 36 } })
})

test('who lost what it had is asked for all of it', async () => {
  const { receipts, answer, asked, publish } = world()
  receipts.watched([self])
  await answer(feed(0, 100))
  publish(101)
  await answer(feed(0, 101))
  expect(receipts.state).toBe('pending')
  await answer(feed(0, 101))
  expect(asked().at(-1)).toMatchObject({ message: { length: 0 } })
  expect(receipts.state).toBe('given')
})

test('not yet is waited for; three times absent is a no, until there is something new', async () => {
  const { receipts, answer, publish, clock } = world()
  receipts.watched([self])
  for (let count = 0; count < 10; count++) await answer(error(500))
  expect(receipts.state).toBe('pending')
  for (let count = 0; count < 2; count++) await answer(error(null))
  expect(receipts.state).toBe('pending')
  await answer(error(null))
  expect(receipts.state).toBe('unwanted')
  publish(101)
  expect(receipts.state).toBe('pending')
  await answer(feed(0, 101))
  expect(receipts.state).toBe('given')
  receipts[Symbol.dispose]()
  expect(clock.pending()).toBe(0)
})

test('a friend who keeps a part is asked ever less often', async () => {
  const { receipts, answer, clock, asked } = world({ hub: false })
  receipts.watched([self])
  for (let count = 0; count < 12; count++) await answer(feed(0, 3))
  const before = asked().length
  await clock.advance(290_000)
  expect(asked().length).toBe(before)
})
