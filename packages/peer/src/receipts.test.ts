/** Asking whether the other side has everything of ours, and what it may answer. */
import { type Identity, identityOfKey, rawCidOfDigest } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Message } from '@effigy/sync'
import { createFakeClock, type FakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { type Confirmation, confirmedBy } from './confirmed.ts'
import { createReceipts } from './receipts.ts'

const self: Identity = identityOfKey(new Uint8Array(32).fill(1))

interface Options {
  readonly hub?: boolean
  readonly before?: Confirmation | null
  readonly clock?: FakeClock
}

function world({ hub = true, before = null, clock = createFakeClock() }: Options = {}) {
  let saved = before
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
    confirmed: {
      read: () => before,
      save(confirmation) {
        saved = confirmation
      },
    },
    changed: () => {},
  })
  const asked = () => sent.filter(({ message }) => message.type === 'getfeed')
  return {
    clock,
    sent,
    receipts,
    asked,
    saved: () => saved,
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

/** A session in which all 100 entries were confirmed, and what is remembered of it. */
async function confirmedBefore() {
  const { receipts, answer, saved, clock } = world()
  receipts.watched([self])
  await answer(feed(0, 100))
  receipts[Symbol.dispose]()
  return { clock, before: saved() }
}

test('[R13] with nothing new, and a log that goes on, nobody is asked again', async () => {
  const { clock, before } = await confirmedBefore()
  const { receipts, asked, answer, publish } = world({ before, clock })
  receipts.watched([self])
  receipts.continued()
  expect(receipts.state).toBe('pending')
  await clock.advance(10_000)
  expect(receipts.state).toBe('given')
  expect(asked()).toEqual([])
  // What comes next is asked about from there on.
  publish(103)
  await answer(feed(100, 3))
  expect(receipts.state).toBe('given')
  expect(asked().at(-1)).toMatchObject({ message: { length: 100 } })
})

test('[R13] a log that begins anew is a disk that may be lost: all of it is asked about', async () => {
  const { clock, before } = await confirmedBefore()
  const { receipts, answer, asked } = world({ before, clock })
  receipts.watched([self])
  await answer(feed(0, 40))
  expect(receipts.state).toBe('pending')
  expect(asked().at(-1)).toMatchObject({ message: { length: 0 } })
})

test('[R13] who asks for what it had has lost it, before and after it is believed', async () => {
  for (const waitMs of [100, 5_000]) {
    const { clock, before } = await confirmedBefore()
    const { receipts, asked, saved } = world({ before, clock })
    receipts.watched([self])
    receipts.continued()
    await clock.advance(waitMs)
    receipts.asked(99)
    expect(receipts.state).toBe('pending')
    await clock.advance(400)
    expect(asked().at(-1)).toMatchObject({ message: { length: 0 } })
    receipts[Symbol.dispose]()
    expect(saved()).toBe(null)
  }
})

test('[R13] who asks only for what is new has all that it had', async () => {
  const { clock, before } = await confirmedBefore()
  const { receipts, asked } = world({ before, clock })
  receipts.watched([self])
  receipts.continued()
  receipts.asked(100)
  await clock.advance(1_000)
  expect([receipts.state, asked().length]).toEqual(['given', 0])
})

test('[R13] after a day, and when the clock went back, it is asked again', async () => {
  const { clock, before } = await confirmedBefore()
  await clock.advance(24 * 60 * 60 * 1000 - 2_000)
  const inTime = world({ before, clock })
  inTime.receipts.watched([self])
  inTime.receipts.continued()
  await clock.advance(1_000)
  expect(inTime.receipts.state).toBe('given')
  inTime.receipts[Symbol.dispose]()
  // Said when it was asked, not when it was believed again.
  expect(inTime.saved()).toEqual(before)
  await clock.advance(1_000)
  const ahead = before === null ? null : { ...before, at: clock.now() + 60_000 }
  for (const late of [world({ before, clock }), world({ before: ahead, clock })]) {
    late.receipts.watched([self])
    late.receipts.continued()
    await clock.advance(1_000)
    expect(late.receipts.state).toBe('pending')
    expect(late.asked().at(-1)).toMatchObject({ message: { length: 0 } })
  }
})

test('[R13] [T16] what others confirmed is remembered of the last 32 of them', () => {
  const settings = new Map<string, string>()
  const store = {
    setting: (key: string) => settings.get(key) ?? null,
    saveSetting: (key: string, value: string | null) => void settings.set(key, value ?? ''),
  }
  const remotes = Array.from({ length: 33 }, (_, at) => identityOfKey(new Uint8Array(32).fill(at + 1)))
  const head = { epoch: 1, length: 1, head: rawCidOfDigest(new Uint8Array(32)) }
  for (const [at, remote] of remotes.entries()) confirmedBy(store, remote).save({ head, at })
  const left = remotes.map((remote) => confirmedBy(store, remote).read())
  expect(left[0]).toBe(null)
  expect(left.slice(1)).toEqual(Array.from({ length: 32 }, (_, at) => ({ head, at: at + 1 })))
  confirmedBy(store, remotes[5]!).save(null)
  expect(confirmedBy(store, remotes[5]!).read()).toBe(null)
  expect(confirmedBy(store, remotes[6]!).read()).toEqual({ head, at: 6 })
})

test('[Y26] [R13] asked about another own feed: at once, and nothing of it is taken for this device', async () => {
  const { receipts, answer, asked, saved, clock } = world()
  receipts.watched([self])
  await answer(feed(0, 100))
  expect(receipts.state).toBe('given')
  const account = identityOfKey(new Uint8Array(32).fill(7))
  receipts.about(account)
  const kept = saved()
  expect(kept).toMatchObject({ head: { length: 100 } })
  expect(receipts.state).toBe('pending')
  expect(receipts.confirmation).toBeNull()
  expect(asked().at(-1)).toMatchObject({ message: { length: 0 } })
  expect(asked().at(-1)?.bytes?.subarray(0, 32)).toEqual(new Uint8Array(32).fill(7))
  // What was under way of the other feed answers nothing.
  receipts.asked(0)
  await answer(feed(0, 99))
  expect(receipts.state).toBe('pending')
  await answer(feed(0, 100))
  expect(receipts.state).toBe('given')
  await clock.advance(60_000)
  receipts[Symbol.dispose]()
  expect(saved()).toBe(kept)
})

test('[Y26] who does not keep that feed says so, and is not asked for ever', async () => {
  const { receipts, answer } = world()
  receipts.about(identityOfKey(new Uint8Array(32).fill(7)))
  // The first question was asked at once.
  for (let times = 0; times < 3; times++) await answer(error(null))
  expect(receipts.state).toBe('unwanted')
})
