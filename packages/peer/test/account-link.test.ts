/** A device that joins fetches years of history: it says how far it is, and whoever stops in the middle loses nothing. */
import type { HeadRecord } from '@effigy/core'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { link } from './account-kit.ts'
import { forge } from './thief-kit.ts'
import { createWorld, note, soundChain, type TestPeer, type World } from './world.ts'

const entriesEach = 5_000

/** Some seconds for all of it. */
const slowLine = { latencyMs: 20, bytesPerSecond: 400_000 }

/** Written as the device itself would have, in a tenth of the time. */
async function writeHistory({ name, store }: TestPeer, world: World): Promise<HeadRecord> {
  const notes = Array.from({ length: entriesEach }, (_, index) => note(`entry ${index}`))
  const { entries, record } = await forge(testSeed(name), notes, { comparable: world.clock.now() })
  store.appendOwn(
    entries.map((entry) => ({ entry, body: null })),
    record,
  )
  return record
}

/** Links the phone, and notes at every moment what its status says of the feed of `of`. */
async function linkAndNote(world: World, laptop: TestPeer, phone: TestPeer, isDone: () => boolean) {
  const shares: number[] = []
  const startMs = world.clock.monotonic()
  let firstMs = Number.NaN
  const look = (): boolean => {
    const feed = phone.peer.status().feeds.find(({ identity }) => identity === laptop.identity)
    if (feed !== undefined && feed.total > 0) {
      if (feed.held > 0 && Number.isNaN(firstMs)) firstMs = world.clock.monotonic() - startMs
      shares.push(feed.held / feed.total)
    }
    return isDone()
  }
  await link(world, laptop, phone)
  await world.until(look, 60_000)
  return { shares, firstMs, lastMs: world.clock.monotonic() - startMs }
}

test('a device joins an account with a feed of 5,000 entries: progress at once, never back, all of it in the end', async () => {
  await using world = createWorld('link', slowLine)
  const [laptop, phone] = await Promise.all([world.add('laptop'), world.add('phone')])
  const record = await writeHistory(laptop, world)
  await laptop.peer.account.create({ label: 'laptop' })
  const isAll = () => soundLength(phone, laptop) === entriesEach && phone.peer.status().behind.entries === 0
  const { shares, firstMs, lastMs } = await linkAndNote(world, laptop, phone, isAll)
  expect(firstMs).toBeLessThan(1_000)
  expect(lastMs).toBeLessThan(30_000)
  expect(shares).toEqual(shares.toSorted((a, b) => a - b))
  expect(shares.length).toBeGreaterThan(3)
  expect(soundChain(phone.store, laptop.identity)).toHaveLength(entriesEach)
  expect(phone.store.feed(laptop.identity)?.record?.head).toEqual(record.head)
})

const soundLength = ({ store }: TestPeer, { identity }: TestPeer): number => {
  const head = store.feed(identity)?.record?.head
  return head !== undefined && store.entry(head.head) !== null ? head.length : 0
}

test('killed in the middle of it, the device goes on where it was; what it has is never fetched twice', async () => {
  await using world = createWorld('link cut', slowLine)
  const [laptop, phone] = await Promise.all([world.add('laptop'), world.add('phone')])
  await writeHistory(laptop, world)
  await laptop.peer.account.create({ label: 'laptop' })
  const held = () => phone.store.feed(laptop.identity)?.heldCount ?? 0
  await linkAndNote(world, laptop, phone, () => held() > entriesEach / 3)
  await phone.stop()
  const [before, fetched] = [held(), world.network.traffic('laptop', 'phone').bytes]
  expect(before).toBeLessThan(entriesEach)
  expect(laptop.peer.account.show()?.members).toHaveLength(2)

  const again = await world.add('phone')
  again.peer.connect(laptop.address)
  await world.until(() => soundLength(again, laptop) === entriesEach, 60_000)
  const rest = world.network.traffic('laptop', 'phone').bytes - fetched
  expect(rest / fetched).toBeLessThan(((entriesEach - before) / before) * 1.3)
  expect(again.peer.account.show()?.role).toBe('linked')
})
