/** Who is asked for the keys of feeds, and who holds up whom (spec X26, T16). */
import { err, type Identity, identityOfKey, ok } from '@effigy/core'
import type { ClosedFeed, FeedKeys } from '@effigy/store'
import { silentLog } from '@effigy/sync'
import { createFakeClock, testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { testCrypto } from '../../test/world.ts'
import { createSeekKeys, type SeekKeysPorts } from './seek-keys.ts'

const testIdentity = (name: string): Identity => identityOfKey(testSeed(name))
const feeds = (count: number): readonly ClosedFeed[] =>
  Array.from({ length: count }, (_, at) => ({ feed: testIdentity(`feed ${at}`), epoch: 1, keyId: `${at}` }))
const names = { silent: testIdentity('silent'), other: testIdentity('other') }

function seek(closed: readonly ClosedFeed[], asked: readonly Identity[], call: SeekKeysPorts['call']) {
  const clock = createFakeClock()
  const keys = {
    allClosed: () => closed,
    closed: (feed: Identity) => closed.find((one) => one.feed === feed) ?? null,
    letter: () => null,
  } as unknown as FeedKeys
  const { signal } = new AbortController()
  const made = createSeekKeys({
    ...{ keys, call, clock, crypto: testCrypto, log: silentLog, signal },
    store: { feed: () => ({ watched: true }) as never },
    secrets: () => [],
    mayGive: () => false,
    asked: () => asked,
  })
  return { clock, made }
}

test('[X26] [T16] who never answers holds up nobody else, and is asked once a round', async () => {
  const calls = { silent: 0, other: 0 }
  const late = Promise.withResolvers<void>()
  const { made } = seek(feeds(3), [names.silent, names.other], async (other) => {
    if (other === names.other) {
      calls.other++
      return ok({ value: {}, bytes: new Uint8Array(0) })
    }
    calls.silent++
    await late.promise
    return err({ code: 'late', retryMs: null })
  })
  const round = made.now()
  await expect.poll(() => calls.other).toBe(3)
  late.resolve()
  await round
  expect(calls).toEqual({ silent: 1, other: 3 })
})

test('[X26] more feeds than a round asks about have their turn in the next one', async () => {
  const asked = new Set<unknown>()
  const closed = feeds(100)
  const { made } = seek(closed, [names.other], async (_other, _service, _method, { feed }) => {
    asked.add(feed)
    return err({ code: 'absent', retryMs: null })
  })
  await made.now()
  expect(asked.size).toBe(64)
  await made.now()
  expect(asked.size).toBe(100)
})
