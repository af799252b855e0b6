/** Backups of what is not whole: heads over entries that nobody has, gaps, disputes, feeds that were ended (spec Z7, Z10, Z11). */
import { type Head, type Identity, rawCid, signHead, utf8 } from '@effigy/core'
import { type Store, writeCar } from '@effigy/store'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { exportFeed } from '../src/backup/export-feed.ts'
import { importFeeds } from '../src/backup/import-feeds.ts'
import type { TakenBackup } from '../src/backup/take-backup.ts'
import { household } from './account-kit.ts'
import { carried } from './backup-kit.ts'
import { createWorld, never, note, type TestPeer, testCrypto, texts, type World } from './world.ts'

const outcomes = ({ feeds }: TakenBackup, of: TestPeer) =>
  feeds.filter(({ identity }) => identity === of.identity).map(({ outcome }) => outcome)

/** What `to` gets of a feed of `from`, from one length to another, as sessions bring it. */
function bring(to: Store, from: TestPeer, first: number, last: number): void {
  const part = [...from.store.chain(from.identity, { first, last })]
  const bodies = new Map(part.flatMap(({ content, body }) => (body === null ? [] : [[content, body]])))
  to.appendRun({ identity: from.identity, entries: part.map(({ signed }) => signed), bodies })
  to.settleEntries(part.map(({ signed: { cid } }) => ({ cid, valid: true })))
}

/** Follows bob, whose first three entries are here, and hears of three more. */
async function half(world: World) {
  const [laptop] = (await household(world, 'laptop')) as [TestPeer]
  const bob = await world.add('bob')
  for (const text of ['one', 'two', 'three']) await bob.peer.publish(note(text))
  const hear = () => laptop.store.acceptHead(headRecord(bob))
  laptop.store.watchFeed(bob.identity, { depth: { type: 'all' }, blobs: { type: 'none' } })
  hear()
  bring(laptop.store, bob, 1, 3)
  for (const text of ['four', 'five', 'six']) await bob.peer.publish(note(text))
  hear()
  return { laptop, bob }
}

function headRecord({ store, identity }: TestPeer) {
  const record = store.feed(identity)?.record ?? null
  if (record === null) throw new Error('no head')
  return record
}

test('[Z7] [Z10] what is held below a head that is not comes back, and what is not here is counted', async () => {
  await using world = createWorld()
  const { laptop, bob } = await half(world)
  const { fresh, report, taken } = await carried(world, laptop, true)
  expect(report).toMatchObject({ entries: 4, missingEntries: 3 })
  expect([taken.failed, outcomes(taken, bob)]).toEqual([[], ['imported']])
  expect(texts(fresh.store, bob.identity)).toEqual(['three', 'two', 'one'])
  // What is missing is known there, too.
  expect(fresh.store.feed(bob.identity)?.record?.head.length).toBe(6)
  bring(fresh.store, bob, 4, 6)
  expect(texts(fresh.store, bob.identity)).toHaveLength(6)
})

test('[Z7] [F11] every stretch that is here comes back over a gap', async () => {
  await using world = createWorld()
  const { laptop, bob } = await half(world)
  bring(laptop.store, bob, 5, 6)
  const { fresh, report } = await carried(world, laptop, true)
  expect(report).toMatchObject({ entries: 6, missingEntries: 1 })
  expect(texts(fresh.store, bob.identity)).toEqual(['six', 'five', 'three', 'two', 'one'])
})

test.each([
  [
    'a longer one',
    (head: Head): Head => ({ ...head, length: head.length + 1, comparable: head.comparable + 5 }),
  ],
  ['one of another epoch', (head: Head): Head => ({ ...head, epoch: head.epoch + 1 })],
  ['a fork', (head: Head): Head => ({ ...head, comparable: head.comparable + 5 })],
])(
  '[T14] [T26] a thief with the phone signs %s over an entry that nobody has: the rest of the account comes back, and what it wrote',
  async (kind, lieOf) => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const phrase = laptop.peer.account.phrase() ?? ''
    await laptop.peer.publish(note('mine'))
    await phone.peer.publish(note('one'))
    await phone.peer.publish(note('two'))
    await world.until(() => texts(laptop.store, phone.identity).length === 2)
    const head = rawCid(utf8('nobody has it'), testCrypto.sha256)
    const lie = await signHead(
      { ...lieOf(headRecord(phone).head), head },
      await testCrypto.signer(testSeed('phone')),
    )
    laptop.store.acceptHead(lie)
    const { fresh, remote, report, taken } = await carried(world, laptop)
    expect(report.missingEntries).toBe(1)
    expect(taken.failed).toEqual([])
    expect(outcomes(taken, phone)).toEqual([kind === 'a fork' ? 'forked' : 'imported'])
    expect(await world.turn(remote.recovery.find(phrase, { signal: never }))).toMatchObject({ name: 'Alice' })
    expect(texts(fresh.store, laptop.identity)).toEqual(['mine'])
    // Of a dispute every branch is in it (F12), and the dispute itself.
    expect(texts(fresh.store, phone.identity)).toEqual(texts(laptop.store, phone.identity))
    const entry = (store: Store) => store.entry(headRecord(phone).head.head)?.signed.cid
    expect(entry(fresh.store)).toBe(headRecord(phone).head.head)
    expect(fresh.store.feed(phone.identity)?.disputedAbove).toBe(
      laptop.store.feed(phone.identity)?.disputedAbove,
    )
  },
)

test('[Z11] [T14] an archive without a record over its entries shows nothing, and gives nothing to the feed of its own device', async () => {
  await using world = createWorld()
  const bob = await world.add('bob')
  for (const text of ['one', 'two', 'three']) await bob.peer.publish(note(text))
  const options = { blobs: false, sha256: testCrypto.sha256, onEntry() {} }
  const blocks = [...(exportFeed(bob.store, bob.identity, options)?.blocks ?? [])]
  const [, ...entries] = blocks
  const record = headRecord(bob)
  const forged = { ...record, head: { ...record.head, length: 99 } }
  const forgery = utf8(
    `${JSON.stringify({ v: 1, ...forged.head })}\n${Buffer.from(record.signature).toString('base64url')}`,
  )
  const top = record.head.head
  const open = () =>
    writeCar([top], [{ cid: rawCid(forgery, testCrypto.sha256), bytes: forgery }, ...entries])
  const taken = (store: Store, self: TestPeer) =>
    importFeeds({ store, self: self.identity, crypto: testCrypto, open, signal: never, onProgress() {} })
  const fresh = await world.add('fresh')
  expect(await taken(fresh.store, fresh)).toMatchObject({
    ok: true,
    value: [{ added: 0, waiting: 3, outcome: 'waiting' }],
  })
  expect([texts(fresh.store, bob.identity), fresh.store.feed(bob.identity)?.record]).toEqual([[], null])
  const again = await world.add('again')
  expect(await taken(again.store, { ...again, identity: bob.identity })).toMatchObject({
    ok: true,
    value: [{ waiting: 0 }],
  })
  expect(again.store.entry(top)).toBeNull()
})

test('[S34] [Z7] what a lost phone wrote up to an end that nobody signed comes back, and nothing above it', async () => {
  await using world = createWorld()
  const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
  const heard = (count: number) => world.until(() => texts(laptop.store, phone.identity).length === count)
  await phone.peer.publish(note('one'))
  await phone.peer.publish(note('two'))
  await heard(2)
  const { epoch, length, head } = headRecord(phone).head
  await phone.peer.publish(note('by the thief'))
  await heard(3)
  await world.turn(laptop.peer.account.revoke(phone.identity, { final: [epoch, length, head] }))
  expect(laptop.store.feed(phone.identity)?.record).toBeNull()
  const { fresh, report, taken } = await carried(world, laptop)
  expect([report.feeds, report.missingEntries, taken.failed]).toEqual([2, 0, []])
  await world.until(() => texts(fresh.store, phone.identity).length > 0)
  expect(texts(fresh.store, phone.identity)).toEqual(['two', 'one'])
  // As it is: also what the thief signed is kept out there.
  expect(fresh.store.acceptHead(headRecord(phone))).toBe('refused')
  // The feed alone, before its account is known: it waits, and is there once that says where it ends.
  const other = await world.add('other')
  const account = laptop.peer.account.show()?.identity as Identity
  const outcomeOf = async (identity: Identity) => {
    const exported = exportFeed(laptop.store, identity, {
      blobs: false,
      sha256: testCrypto.sha256,
      onEntry() {},
    })
    const blocks = [...(exported?.blocks ?? [])]
    const open = () => writeCar(exported?.roots ?? [], blocks)
    const deps = { store: other.store, self: other.identity, crypto: testCrypto, signal: never }
    const imported = await importFeeds({ ...deps, open, onProgress() {} })
    return imported.ok ? imported.value.map(({ outcome }) => outcome) : imported.error.code
  }
  expect([await outcomeOf(phone.identity), texts(other.store, phone.identity)]).toEqual([['waiting'], []])
  expect(await outcomeOf(account)).toEqual(['imported'])
  await world.until(() => texts(other.store, phone.identity).length > 0)
  expect(texts(other.store, phone.identity)).toEqual(['two', 'one'])
})
