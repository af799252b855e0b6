/** What a page does with a file of its person: a backup, an archive of feeds, or neither (spec Z11, B12). */
import { type Store, writeCar } from '@effigy/store'
import { expect, test } from 'vitest'
import type { Backup, BackupFeed } from '../src/backup/backup.ts'
import { exportFeed } from '../src/backup/export-feed.ts'
import { readBackup } from '../src/backup/read-backup.ts'
import type { TakeBackupOptions } from '../src/backup/take-backup.ts'
import { takeContents } from '../src/backup/take-contents.ts'
import type { RemotePeer } from '../src/remote/remote-peer.ts'
import { household } from './account-kit.ts'
import { linkPage } from './remote-kit.ts'
import {
  createWorld,
  never,
  note,
  type TestPeer,
  testCrypto,
  testScrypt,
  texts,
  type World,
} from './world.ts'

const passphrase = 'correct horse battery'

async function fileOf(source: AsyncIterable<Uint8Array>): Promise<Blob> {
  const parts: BlobPart[] = []
  for await (const piece of source) parts.push(piece.slice())
  return new Blob(parts)
}

async function made(world: World, to: 'passphrase' | 'recovery-key') {
  const [laptop] = (await household(world, 'laptop')) as [TestPeer]
  await laptop.peer.publish(note('a note of mine'))
  const backup = laptop.peer.backup({
    to: to === 'recovery-key' ? to : { passphrase },
    hubs: ['wss://hub.example/effigy/1'],
    signal: never,
  })
  return { laptop, file: await fileOf(backup), phrase: laptop.peer.account.phrase() ?? '' }
}

const take = (remote: RemotePeer, file: Blob, key: TakeBackupOptions['key']) =>
  remote.takeBackup(file, { key, signal: never })

test('[Z11] a backup under a passphrase: it says what it asks for, and is taken, with its hubs, by the right one alone', async () => {
  await using world = createWorld()
  const { laptop, file, phrase } = await made(world, 'passphrase')
  const fresh = await world.add('fresh')
  const { remote } = linkPage(fresh.peer)
  expect(await take(remote, file, null)).toEqual({ ok: false, error: { code: 'passphrase-needed' } })
  expect(await take(remote, file, { phrase })).toEqual({ ok: false, error: { code: 'passphrase-needed' } })
  const wrong = await take(remote, file, { passphrase: 'another one' })
  expect(wrong).toEqual({ ok: false, error: { code: 'passphrase-wrong' } })
  expect(texts(fresh.store, laptop.identity)).toEqual([])
  const told: number[] = []
  const taken = await remote.takeBackup(file, {
    key: { passphrase },
    signal: never,
    onProgress: ({ done, total }) => void told.push(done / total),
  })
  expect(taken).toMatchObject({
    ok: true,
    value: {
      isAuthentic: true,
      account: { root: laptop.peer.account.show()?.root, hubs: ['wss://hub.example/effigy/1'] },
    },
  })
  expect(told).toEqual(told.toSorted((a, b) => a - b))
  expect(told.at(-1)).toBe(1)
  expect(texts(fresh.store, laptop.identity)).toEqual(['a note of mine'])
  // Nothing is said by this device, and the account is found with what came: the words move it here.
  expect(fresh.store.feed(fresh.identity)?.heldCount ?? 0).toBe(0)
  const found = await world.turn(remote.recovery.find(phrase, { signal: never }))
  expect(found.root).toBe(laptop.peer.account.show()?.root)
})

test('[Z11] [T14] an archive that cannot be taken keeps out no other, and is named', async () => {
  await using world = createWorld()
  const { laptop, file, phrase } = await made(world, 'passphrase')
  const read = await readBackup({
    read: ({ offset, length }) => file.slice(offset, offset + length).stream(),
    bytes: file.size,
    key: { passphrase },
    crypto: testCrypto,
    scrypt: testScrypt,
    signal: never,
  })
  if (!read.ok) throw new Error(read.error.code)
  const backup = read.value
  const [account, device] = backup.feeds
  if (account === undefined || device === undefined) throw new Error('no feeds')
  async function* cut(): AsyncGenerator<Uint8Array> {
    for await (const piece of backup.open(account as BackupFeed)) yield piece.subarray(0, -9)
  }
  const taken = (store: Store, open: Backup['open']) =>
    takeContents(
      { ...backup, open },
      { store, self: laptop.identity, crypto: testCrypto, signal: never, onProgress() {} },
    )
  const broken = await world.add('broken')
  expect(await taken(broken.store, (feed) => (feed === account ? cut() : backup.open(feed)))).toMatchObject({
    ok: true,
    value: {
      feeds: [{ identity: laptop.identity }],
      failed: [{ identity: account.identity, code: 'truncated' }],
    },
  })
  expect(texts(broken.store, laptop.identity)).toEqual(['a note of mine'])
  // Under the name of another feed it is not that feed, and where nothing can be taken nothing came.
  const mixed = await world.add('mixed')
  expect(await taken(mixed.store, () => backup.open(device))).toMatchObject({
    ok: true,
    value: { failed: [{ identity: account.identity, code: 'identity' }] },
  })
  expect(await taken(mixed.store, cut)).toMatchObject({ ok: false, error: { code: 'truncated' } })
  // Put right, it can be taken again, and the account is there.
  expect(await taken(broken.store, backup.open)).toMatchObject({ ok: true, value: { failed: [] } })
  const found = await world.turn(broken.peer.recovery.find(phrase, { signal: never }))
  expect(found.root).toBe(laptop.peer.account.show()?.root)
})

test('[Z11] a backup to the recovery key opens by the words', async () => {
  await using world = createWorld()
  const { laptop, file, phrase } = await made(world, 'recovery-key')
  const fresh = await world.add('fresh')
  const { remote } = linkPage(fresh.peer)
  expect(await take(remote, file, null)).toEqual({ ok: false, error: { code: 'identity-needed' } })
  const none = await take(remote, file, { phrase: 'no such words' })
  expect(none).toEqual({ ok: false, error: { code: 'phrase-invalid' } })
  expect(await take(remote, file, { phrase })).toMatchObject({ ok: true, value: { isAuthentic: false } })
  expect(texts(fresh.store, laptop.identity)).toEqual(['a note of mine'])
})

test('[B12] [T14] an archive of a feed is taken, one that is cut off or altered is not, and neither is another file', async () => {
  await using world = createWorld()
  const { laptop } = await made(world, 'passphrase')
  const options = { blobs: false, sha256: testCrypto.sha256, onEntry() {} }
  const archive = () => {
    const exported = exportFeed(laptop.store, laptop.identity, options)
    if (exported === null) throw new Error('nothing to export')
    return fileOf(writeCar(exported.roots, exported.blocks))
  }
  const file = await archive()
  const fresh = await world.add('fresh')
  const { remote } = linkPage(fresh.peer)
  const bytes = new Uint8Array(await file.arrayBuffer())
  const altered = bytes.slice()
  altered[bytes.length - 20]! ^= 1
  for (const bad of [bytes.slice(0, -9), altered, new Uint8Array(0), new Uint8Array(300).fill(65)]) {
    const answer = await take(remote, new Blob([bad]), null)
    expect(answer).toEqual({ ok: false, error: { code: 'import-damaged' } })
  }
  expect(texts(fresh.store, laptop.identity)).toEqual([])
  expect(await take(remote, file, null)).toMatchObject({ ok: true, value: { account: null } })
  expect(texts(fresh.store, laptop.identity)).toEqual(['a note of mine'])
  // A newer one takes out what was removed since (F10), and the older one brings nothing of it back.
  const { cid } = await laptop.peer.publish(note('removed'))
  expect(await take(remote, await archive(), null)).toMatchObject({ ok: true })
  const before = await archive()
  await laptop.peer.publish(note('kept'))
  await laptop.peer.remove([cid])
  const value = (outcome: string) => ({ ok: true, value: { feeds: [{ outcome, waiting: 0 }] } })
  expect(await take(remote, await archive(), null)).toMatchObject(value('imported'))
  expect(texts(fresh.store, laptop.identity)).toEqual(['kept', 'a note of mine'])
  expect(await take(remote, before, null)).toMatchObject(value('stale'))
  expect(texts(fresh.store, laptop.identity)).toEqual(['kept', 'a note of mine'])
})

test('[V34] [O4] where the data is can be asked, and asked live, from a page', async () => {
  await using world = createWorld()
  const { laptop } = await made(world, 'passphrase')
  const { remote } = linkPage(laptop.peer)
  expect(await remote.whereabouts()).toMatchObject({ copies: 1, places: [{ type: 'self' }] })
  const stop = new AbortController()
  for await (const { copies } of remote.live('whereabouts', [], stop.signal)) {
    expect(copies).toBe(1)
    break
  }
})
