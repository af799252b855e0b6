/** Backups: what is in them, what opens them, what is said of those that are cut off, altered, or meant for another. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deriveRecoveryKey, encodeBase64url, type Payload, parsePhrase, phraseSeed } from '@effigy/core'
import { type ReadCiphertext, type Scrypt, writeAgeSecret } from '@effigy/crypto'
import { readCar } from '@effigy/store'
import { createRandom, damaged } from '@effigy/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Backup, BackupOptions, BackupReport } from '../src/backup/backup.ts'
import { type ReadBackupOptions, readBackup } from '../src/backup/read-backup.ts'
import { friendOf, household } from './account-kit.ts'
import { createWorld, never, note, type TestPeer, testCrypto, testScrypt, type World } from './world.ts'

const passphrase = 'correct horse battery'

interface Made {
  readonly file: Uint8Array
  readonly report: BackupReport
  readonly progress: readonly (readonly [number, number])[]
}

async function make({ peer }: Pick<TestPeer, 'peer'>, options: Partial<BackupOptions> = {}): Promise<Made> {
  const pieces: Uint8Array[] = []
  const progress: (readonly [number, number])[] = []
  const making = peer.backup({
    to: { passphrase },
    signal: never,
    onProgress: ({ done, total }) => void progress.push([done, total]),
    ...options,
  })
  for (;;) {
    const step = await making.next()
    if (step.done === true) return { file: Buffer.concat(pieces), report: step.value, progress }
    pieces.push(step.value.slice())
  }
}

/** In pieces of odd lengths. */
const rangesOf = (file: Uint8Array): ReadCiphertext =>
  async function* ({ offset, length }) {
    const end = Math.min(file.length, offset + length)
    for (let at = offset; at < end; at += 10_007) yield file.subarray(at, Math.min(end, at + 10_007))
  }

const open = (file: Uint8Array, options: Partial<ReadBackupOptions> = {}) =>
  readBackup({
    read: rangesOf(file),
    bytes: file.length,
    key: { passphrase },
    crypto: testCrypto,
    scrypt: testScrypt,
    signal: never,
    ...options,
  })

async function opened(file: Uint8Array, options: Partial<ReadBackupOptions> = {}): Promise<Backup> {
  const backup = await open(file, options)
  if (!backup.ok) throw new Error(backup.error.code)
  return backup.value
}

async function person(world: World) {
  const [laptop] = (await household(world, 'laptop')) as [TestPeer]
  const friend = await friendOf(world, laptop)
  await laptop.peer.publish(note('a note of mine'))
  await friend.peer.publish(note('a note of a friend'))
  await laptop.peer.relate('follow', friend.identity, true)
  await world.until(() => (laptop.store.feed(friend.identity)?.heldCount ?? 0) > 0)
  await laptop.peer.state.set([['petname/bob', 'Bobby']])
  return { laptop, friend }
}

async function blocksOf(backup: Backup, index: number): Promise<string> {
  const feed = backup.feeds[index]
  if (feed === undefined) throw new Error('no such feed')
  const texts: string[] = []
  for await (const item of readCar(backup.open(feed), { sha256: testCrypto.sha256, signal: never })) {
    if (!item.ok) throw new Error(item.error.code)
    if (item.value.type === 'block') texts.push(Buffer.from(item.value.bytes).toString('latin1'))
  }
  return texts.join('\n')
}

describe('a backup', () => {
  test('[Z7] [Z8] holds account, read keys and own feeds, and no key of the device', async () => {
    await using world = createWorld()
    const { laptop, friend } = await person(world)
    const conversation = encodeBase64url(new Uint8Array(16).fill(7))
    const key = new Uint8Array(32).fill(8)
    laptop.store.contentKeys?.add({ giver: friend.identity, conversation, generation: 2, key })
    laptop.store.feedKeys?.keep({ feed: friend.identity, epoch: 1, key: new Uint8Array(32).fill(9) })
    const id = await world.turn(laptop.peer.groups.create({ name: 'Hikers' }))
    const { file, report, progress } = await make(laptop, {
      hubs: ['ws://hub.example/effigy/1'],
      others: true,
    })
    expect(report).toMatchObject({ bytes: file.length, missingFiles: 0 })
    expect(progress.at(-1)).toEqual([file.length, file.length])
    expect(progress.map(([done]) => done)).toEqual(progress.map(([done]) => done).toSorted((a, b) => a - b))
    const backup = await opened(file)
    const view = laptop.peer.account.show()
    expect(backup.account).toMatchObject({
      device: laptop.identity,
      root: view?.root,
      identity: view?.identity,
      devices: [{ identity: laptop.identity, label: 'laptop', main: true }],
      hubs: ['ws://hub.example/effigy/1'],
      follows: [{ identity: friend.identity, root: null }],
      groups: [{ id, name: 'Hikers', members: [{ root: view?.root }] }],
    })
    expect(backup.account.state).toContainEqual(['petname/bob', 'Bobby'])
    expect(backup.keys.content).toContainEqual({
      giver: friend.identity,
      conversation,
      generation: 2,
      key: encodeBase64url(key),
    })
    expect(backup.keys.content.some((each) => each.conversation === id)).toBe(true)
    expect(backup.keys).toMatchObject({
      v: 1,
      feeds: [{ feed: friend.identity, epoch: 1, key: encodeBase64url(new Uint8Array(32).fill(9)) }],
    })
    const own = backup.feeds.filter((feed) => feed.own).map(({ identity }) => identity)
    // The account's first: it is taken, whatever becomes of the rest.
    expect(own).toEqual([view?.identity, laptop.identity])
    expect(backup.feeds.slice(2).map(({ identity }) => identity)).toEqual([friend.identity])
    expect(await blocksOf(backup, 1)).toContain('a note of mine')
    expect(await blocksOf(backup, 2)).toContain('a note of a friend')
    // Nothing in it is a secret of this device, in any spelling.
    const everything = [
      JSON.stringify(backup.account),
      JSON.stringify(backup.keys),
      ...(await Promise.all(backup.feeds.map((_feed, index) => blocksOf(backup, index)))),
    ].join('\n')
    const held = laptop.vault.read()
    for (const secret of [held?.seed, held?.box, held?.synod?.key, held?.phrase]) {
      expect(everything).not.toContain(secret)
      expect(Buffer.from(file).toString('latin1')).not.toContain(secret)
    }
  })

  test('[Z7] others stay out when nobody asked for them', async () => {
    await using world = createWorld()
    const { laptop } = await person(world)
    const backup = await opened((await make(laptop)).file)
    expect(backup.feeds.every(({ own }) => own)).toBe(true)
  })

  test('[Z7] pictures and files of own feeds come along, across the segments of age', async () => {
    await using world = createWorld()
    const { laptop } = await person(world)
    const bytes = createRandom('file').bytes(700_000)
    const { root } = await laptop.peer.addFile(pieces(bytes), { signal: never })
    const collection = { type: 'collection', at: 1, root, name: 'a', count: 1, bytes: bytes.length }
    await laptop.peer.publish(collection as Payload)
    const { file } = await make(laptop)
    const all = await blocksOf(await opened(file), 1)
    expect(all).toContain(Buffer.from(bytes.subarray(500_000, 500_100)).toString('latin1'))
    expect((await make(laptop, { files: 'none' })).file.length).toBeLessThan(file.length - bytes.length)
  })

  test('[Z9] to the recovery key: the words open it, and nothing else does', async () => {
    await using world = createWorld()
    const { laptop } = await person(world)
    const words = parsePhrase(laptop.peer.account.phrase() ?? '')
    if (!words.ok) throw new Error('no words')
    const { file } = await make(laptop, { to: 'recovery-key' })
    const identity = await testCrypto.agreementKey(deriveRecoveryKey(await phraseSeed(words.value)).secret)
    const backup = await opened(file, { key: { identity } })
    expect([backup.account.device, backup.isAuthentic]).toEqual([laptop.identity, false])
    const other = await testCrypto.agreementKey(testCrypto.randomBytes(32))
    expect(await open(file, { key: { identity: other } })).toEqual({
      ok: false,
      error: { code: 'not-for-us' },
    })
    expect(await open(file)).toEqual({ ok: false, error: { code: 'identity-needed' } })
    const locked = await make(laptop)
    expect(await open(locked.file, { key: { identity } })).toEqual({
      ok: false,
      error: { code: 'passphrase-needed' },
    })
  })

  test('[Z9] a device without account has no recovery key, and a short passphrase is none', async () => {
    await using world = createWorld()
    const lone = await world.add('lone')
    await lone.peer.publish(note('alone'))
    await expect(make(lone, { to: 'recovery-key' })).rejects.toThrow(
      expect.objectContaining({ code: 'no-account' }),
    )
    await expect(make(lone, { to: { passphrase: 'short' } })).rejects.toThrow(
      expect.objectContaining({ code: 'passphrase-short' }),
    )
    expect((await opened((await make(lone)).file)).account).toMatchObject({ root: null, devices: [] })
  })

  test('[Z10] what is written meanwhile is left out; what is rewritten ends it', async () => {
    await using world = createWorld()
    const { laptop } = await person(world)
    const { cid } = await laptop.peer.publish(note('to be removed'))
    const making = laptop.peer.backup({ to: { passphrase }, signal: never })
    const parts = [(await making.next()).value as Uint8Array]
    await laptop.peer.publish(note('too late'))
    for await (const piece of making) parts.push(piece.slice())
    const all = await blocksOf(await opened(Buffer.concat(parts)), 1)
    expect([all.includes('to be removed'), all.includes('too late')]).toEqual([true, false])

    const second = laptop.peer.backup({ to: { passphrase }, signal: never })
    await second.next()
    await laptop.peer.remove([cid])
    const rest = async () => {
      for await (const _piece of second);
    }
    await expect(rest()).rejects.toThrow(expect.objectContaining({ code: 'backup-changed' }))
  })

  test('[Z10] ends with the signal', async () => {
    await using world = createWorld()
    const { laptop } = await person(world)
    const stop = new AbortController()
    const making = laptop.peer.backup({ to: { passphrase }, signal: stop.signal })
    await making.next()
    stop.abort(new Error('enough'))
    await expect(making.next()).rejects.toThrow('enough')
  })
})

describe('[T14] [Z11] a backup that is not whole', () => {
  async function small(): Promise<Uint8Array> {
    await using world = createWorld()
    const lone = await world.add('lone')
    await lone.peer.publish(note('alone'))
    return (await make(lone)).file
  }

  test('cut off at each length is damaged, and a wrong passphrase is wrong', async () => {
    const file = await small()
    const codes = new Set<string>()
    for (let length = 0; length < file.length; length += length < 400 ? 1 : 61) {
      const cut = await open(file.subarray(0, length))
      expect.soft(cut.ok, `${length} bytes`).toBe(false)
      if (!cut.ok) codes.add(cut.error.code)
    }
    expect([...codes].sort()).toEqual(['backup-damaged', 'not-a-backup'])
    expect(await open(file, { key: { passphrase: 'another one' } })).toEqual({
      ok: false,
      error: { code: 'passphrase-wrong' },
    })
    expect((await open(Buffer.concat([file, Buffer.of(0)]))).ok).toBe(false)
  })

  test('a flipped bit is found before anything counts', async () => {
    const file = await small()
    for (const copy of damaged(createRandom('backup'), file, 150)) {
      const read = await open(copy)
      expect.soft(read.ok && !Buffer.from(copy).equals(file)).toBe(false)
    }
  })

  test('more work than 2^20 is refused, and another file of age is none', async () => {
    const file = await small()
    const text = Buffer.from(file).toString('latin1')
    const never: Scrypt = () => expect.unreachable('no work')
    const costly = Buffer.from(text.replace(/(-> scrypt \S+ )\d+\n/, '$121\n'), 'latin1')
    expect(await open(costly, { scrypt: never })).toEqual({ ok: false, error: { code: 'work-factor' } })
    expect(await open(Buffer.from('hello'))).toEqual({ ok: false, error: { code: 'not-a-backup' } })
    // Its second piece is another one: told when it is read again, too.
    const backup = await opened(file)
    expect(backup.feeds).toHaveLength(1)
  })

  test('changed between the check and the reading it ends', async () => {
    const file = await small()
    const backup = await opened(file)
    file[file.length - 2000] = (file[file.length - 2000] ?? 0) ^ 1
    await expect(blocksOf(backup, 0)).rejects.toThrow(expect.objectContaining({ code: 'backup-damaged' }))
  })
})

describe('[Z7] the tools that everybody has', () => {
  test.skipIf(!existsSync('/usr/bin/age'))("Debian's age and tar open it (apt-get install age)", async () => {
    await using world = createWorld()
    const { laptop } = await person(world)
    const words = parsePhrase(laptop.peer.account.phrase() ?? '')
    if (!words.ok) throw new Error('no words')
    const { secret } = deriveRecoveryKey(await phraseSeed(words.value))
    const folder = mkdtempSync(join(tmpdir(), 'effigy-backup-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'key'), `${writeAgeSecret(secret)}\n`)
    writeFileSync(join(folder, 'backup.age'), (await make(laptop, { to: 'recovery-key' })).file)
    const run = (command: string, ...words: readonly string[]) =>
      execFileSync(command, words, { cwd: folder, stdio: 'pipe', timeout: 60_000 })
    run('/usr/bin/age', '-d', '-i', 'key', '-o', 'backup.tar', 'backup.age')
    expect(
      String(run('tar', '-tf', 'backup.tar'))
        .trim()
        .split('\n')
        .slice(0, 3),
    ).toEqual(['README.txt', 'account.json', 'keys.json'])
    run('tar', '-xf', 'backup.tar')
    expect(JSON.parse(readFileSync(join(folder, 'account.json'), 'utf8'))).toMatchObject({
      v: 1,
      device: laptop.identity,
    })
    const car = join(folder, 'feeds', 'own', `${laptop.identity.slice('did:key:'.length)}.car`)
    expect(statSync(car).mode & 0o777).toBe(0o600)
    expect(readFileSync(car, 'latin1')).toContain('a note of mine')
  })
})

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}
