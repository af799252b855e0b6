import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import { type Cid, identityOfKey, rawCid, signEntry, signHead, signLease } from '@effigy/core'
import { createNodeCrypto, openVaultFile } from '@effigy/crypto/node'
import { tarEnd, tarHead, tarPadding } from '@effigy/peer'
import { createHome, type NodePeer, openNodePeer } from '@effigy/peer/node'
import { openNodeStore } from '@effigy/store/node'
import { silentLog, systemClock } from '@effigy/sync'
import { testSigner } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { prepareHome } from '../home.ts'
import { openEmbeddedStore } from '../ports/embedded-store.ts'
import { openBackupFile, writeBackupFile } from './backup-file.ts'
import { askForBackup, createBackups, offerBackups } from './backups.ts'
import { restoreHub } from './restore.ts'
import { isSound, verifyStore } from './verify-store.ts'
import { type CopyRecords, writeHubBackup } from './write-backup.ts'

const crypto = createNodeCrypto()
const { now } = systemClock
const signal = new AbortController().signal
const quiet = { clock: systemClock, log: silentLog, verifyThreads: 0 }
const timeout = 60_000

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'effigy-backup-'))
  return {
    path,
    at: (name: string) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

async function openHub(home: string): Promise<NodePeer> {
  if (!existsSync(join(home, 'vault.json'))) await createHome(home)
  return openNodePeer({ home, kind: 'hub', ...quiet })
}

const sourceOf = (peer: NodePeer, home: string, copyRecords: CopyRecords | null = null) => ({
  home,
  store: peer.store,
  copyRecords,
  clock: systemClock,
  version: '9.9.9',
})

/** A file whose bytes nothing else has. */
async function addFile(peer: NodePeer, size: number, seed: number): Promise<Cid> {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at++) bytes[at] = (at * 31 + seed * 17 + (at >> 8) + (at >> 16) * 7) & 0xff
  async function* source() {
    yield bytes
  }
  const { root, size: whole } = await peer.addFile(source(), { signal })
  const mime = 'application/octet-stream'
  await peer.publish({ type: 'media', at: 1, kind: 'document', blob: root, mime, bytes: whole })
  return root
}

async function archiveOf(tar: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of tar) pieces.push(piece)
  return new Uint8Array(Buffer.concat(pieces))
}

async function* inPieces(bytes: Uint8Array, length = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

const restored = (home: string, tar: Uint8Array | AsyncIterable<Uint8Array>) =>
  restoreHub(home, tar instanceof Uint8Array ? inPieces(tar) : tar, { now, signal })

describe('a backup under load', { timeout }, () => {
  test('[S26] restores to the same heads, with every file that was there, and writes nothing of its own', async () => {
    using base = folder()
    const home = base.at('hub')
    const peer = await openHub(home)
    const records = openEmbeddedStore({ path: join(home, 'hub.sqlite'), ...quiet })
    await records.bucket('quotas').put('one', 'kept')
    const roots: Cid[] = []
    for (let seed = 0; seed < 6; seed++) roots.push(await addFile(peer, 700_000, seed))
    const before = peer.store.feed(peer.identity)?.record?.head.length ?? 0

    let isDone = false
    let late = 0
    const writing = (async () => {
      while (!isDone) {
        await peer.publish({ type: 'public_note', at: 1, text: `while it was made ${late++}` })
        if (late === 3) await addFile(peer, 400_000, 99)
        await turn()
      }
    })()
    const backup = writeHubBackup(sourceOf(peer, home, records.copyTo), { keys: true, signal })
    async function* pulled() {
      let count = 0
      for await (const piece of backup) {
        // Entries are copied: what nothing holds now is in the copy all the same.
        if (++count === 5) peer.unwatch(peer.identity)
        yield piece
      }
    }
    await writeBackupFile(base.at('out.tar'), pulled(), { passphrase: null, signal })
    isDone = true
    await writing
    expect(statSync(base.at('out.tar')).mode & 0o777).toBe(0o600)
    expect(readdirSync(home).filter((name) => name.startsWith('.backup'))).toEqual([])

    const opened = await openBackupFile(base.at('out.tar'), { passphrase: null, signal })
    if (!opened.ok) throw new Error(opened.error.code)
    await using file = opened.value
    const copy = base.at('copy')
    const result = await restored(copy, file.tar)
    if (!result.ok) throw new Error(result.error.detail)
    expect(isSound(result.value.report)).toBe(true)
    expect(result.value.report.entries).toBeGreaterThanOrEqual(before)
    expect(readFileSync(join(copy, 'vault.json'))).toEqual(readFileSync(join(home, 'vault.json')))

    const again = await openHub(copy)
    const head = again.store.feed(again.identity)?.record?.head
    expect(again.identity).toBe(peer.identity)
    expect(head?.length).toBeGreaterThanOrEqual(before)
    expect(peer.store.entryAt(peer.identity, head?.length ?? 0)?.signed.cid).toBe(head?.head)
    for (const root of roots) expect(again.store.blobState(root).type).toBe('complete')
    expect(again.status().mayWrite).toBe(false)
    await expect(again.publish({ type: 'public_note', at: 1, text: 'a fork' })).rejects.toThrow()
    const kept = openEmbeddedStore({ path: join(copy, 'hub.sqlite'), ...quiet })
    expect((await kept.bucket('quotas').get('one'))?.value).toBe('kept')
    await Promise.all([again, peer, records, kept].map((one) => one[Symbol.asyncDispose]()))
  })

  test('[S26] without keys the home has none, and the hub that starts there is another one', async () => {
    using base = folder()
    await using peer = await openHub(base.at('hub'))
    await peer.publish({ type: 'public_note', at: 1, text: 'mine' })
    const tar = await archiveOf(writeHubBackup(sourceOf(peer, base.at('hub')), { keys: false, signal }))
    expect(Buffer.from(tar).includes(readFileSync(join(base.at('hub'), 'vault.json')))).toBe(false)
    expect((await restored(base.at('copy'), tar)).ok).toBe(true)
    await using other = await openHub(base.at('copy'))
    expect(other.identity).not.toBe(peer.identity)
    expect(other.status().mayWrite).toBe(true)
    expect(other.store.feed(peer.identity)?.record?.head.length).toBe(1)
  })

  test('encrypted: only the passphrase opens it, and a cut or altered file restores nothing', async () => {
    using base = folder()
    await using peer = await openHub(base.at('hub'))
    const out = base.at('out.age')
    const tar = writeHubBackup(sourceOf(peer, base.at('hub')), { keys: true, signal })
    await writeBackupFile(out, tar, { passphrase: 'correct horse', factor: 10, signal })
    expect(readFileSync(out).includes('main.sqlite')).toBe(false)
    const fault = async (passphrase: string | null) => {
      const opened = await openBackupFile(out, { passphrase, signal })
      if (opened.ok) await opened.value[Symbol.asyncDispose]()
      return opened.ok ? null : opened.error.code
    }
    expect([await fault(null), await fault('wrong battery')]).toEqual([
      'passphrase-needed',
      'passphrase-wrong',
    ])
    const attempt = async () => {
      const opened = await openBackupFile(out, { passphrase: 'correct horse', signal })
      if (!opened.ok) throw new Error(opened.error.code)
      await using file = opened.value
      return await restored(base.at('copy'), file.tar)
    }
    expect((await attempt()).ok).toBe(true)
    rmSync(base.at('copy'), { recursive: true })
    const bytes = readFileSync(out)
    bytes[bytes.length >> 1]! ^= 1
    writeFileSync(out, bytes)
    expect(await attempt()).toMatchObject({ ok: false, error: { code: 'backup-damaged' } })
    expect(readdirSync(base.at('copy'))).toEqual([])
  })
})

describe('a hub that runs', { timeout }, () => {
  test('gives one at a time over its socket, which nobody else may open; one that is cut leaves no file', async () => {
    using base = folder()
    const home = base.at('hub')
    await using peer = await openHub(home)
    for (let seed = 0; seed < 4; seed++) await addFile(peer, 2_000_000, seed)
    const backups = createBackups(sourceOf(peer, home))
    const offered = await offerBackups(home, backups, silentLog)
    expect(statSync(join(home, 'hub.sock')).mode & 0o777).toBe(0o600)

    const ask = async () => (await askForBackup(home, { keys: false, signal })) ?? expect.fail('nobody there')
    await writeBackupFile(base.at('whole.tar'), await ask(), { passphrase: null, signal })
    expect((await restored(base.at('copy'), new Uint8Array(readFileSync(base.at('whole.tar'))))).ok).toBe(
      true,
    )

    const slow = await ask()
    await expect(ask()).rejects.toMatchObject({ code: 'busy' })
    async function* cut() {
      for await (const piece of slow) {
        yield piece
        await offered[Symbol.asyncDispose]()
      }
    }
    const writing = writeBackupFile(base.at('cut.tar'), cut(), { passphrase: null, signal })
    await expect(writing).rejects.toMatchObject({ code: 'closed' })
    expect(readdirSync(base.path).filter((name) => name.startsWith('cut'))).toEqual([])
    await expect.poll(() => readdirSync(home).some((name) => name.startsWith('.backup'))).toBe(false)
    expect(await askForBackup(home, { keys: false, signal })).toBe(null)
  })

  test('a person who cancels leaves no file, and the hub goes on', async () => {
    using base = folder()
    await using peer = await openHub(base.at('hub'))
    const stop = new AbortController()
    const tar = writeHubBackup(sourceOf(peer, base.at('hub')), {
      keys: false,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    })
    const writing = writeBackupFile(base.at('out.tar'), tar, { passphrase: null, signal: stop.signal })
    await expect(writing).rejects.toThrow('enough')
    expect(readdirSync(base.path)).toEqual(['hub'])
    await peer.publish({ type: 'public_note', at: 1, text: 'still here' })
  })

  test('never writes over a file, nor through a link', async () => {
    using base = folder()
    writeFileSync(base.at('mine'), 'mine')
    symlinkSync(base.at('mine'), base.at('link'))
    for (const name of ['mine', 'link']) {
      const writing = writeBackupFile(base.at(name), inPieces(new Uint8Array(9)), {
        passphrase: null,
        signal,
      })
      await expect(writing).rejects.toMatchObject({ code: 'backup-exists' })
    }
    symlinkSync(base.at('mine'), base.at('out.part'))
    await writeBackupFile(base.at('out'), inPieces(new Uint8Array(9)), { passphrase: null, signal })
    expect(readFileSync(base.at('mine'), 'utf8')).toBe('mine')
  })
})

/** Runs a piece of a program until it says that it waits, and kills it there. */
async function killWhileItWaits(code: string): Promise<void> {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  const program = code.replace(/\bFROM\(([^)]+)\)/g, (_, path: string) => url(path))
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'close')
  let said = ''
  child.stdout?.on('data', (chunk) => (said += chunk))
  await expect.poll(() => said.includes('waits'), { timeout: 30_000 }).toBe(true)
  child.kill('SIGKILL')
  await exited
}

const waits = `console.log('waits'); await new Promise(() => setTimeout(() => {}, 1e6))`

describe('killed in the middle', { timeout }, () => {
  test('of a backup: nothing under its name, and the next one succeeds', async () => {
    using base = folder()
    await killWhileItWaits(`
      import { writeBackupFile } from FROM(./backup-file.ts)
      async function* tar() { yield new Uint8Array(300000); ${waits} }
      const signal = new AbortController().signal
      await writeBackupFile(${JSON.stringify(base.at('out.tar'))}, tar(), { passphrase: null, signal })`)
    expect(readdirSync(base.path)).toEqual(['out.tar.part'])
    expect(
      await writeBackupFile(base.at('out.tar'), inPieces(new Uint8Array(9)), { passphrase: null, signal }),
    ).toBe(9)
    expect(readdirSync(base.path)).toEqual(['out.tar'])
  })

  test('of a restore: no hub starts over it, and the next one begins anew', async () => {
    using base = folder()
    const peer = await openHub(base.at('hub'))
    await addFile(peer, 700_000, 1)
    const tar = await archiveOf(writeHubBackup(sourceOf(peer, base.at('hub')), { keys: true, signal }))
    await peer[Symbol.asyncDispose]()
    writeFileSync(base.at('out.tar'), tar)
    const home = base.at('copy')
    await killWhileItWaits(`
      import { readFileSync } from 'node:fs'
      import { restoreHub } from FROM(./restore.ts)
      const bytes = readFileSync(${JSON.stringify(base.at('out.tar'))})
      async function* tar() { yield new Uint8Array(bytes.subarray(0, bytes.length - 5000)); ${waits} }
      const signal = new AbortController().signal
      await restoreHub(${JSON.stringify(home)}, tar(), { now: Date.now, signal })`)
    expect(existsSync(join(home, 'store', 'main.sqlite'))).toBe(true)
    await expect(prepareHome(home)).rejects.toMatchObject({ code: 'restore-unfinished' })
    expect((await restored(home, tar)).ok).toBe(true)
    await prepareHome(home)
    expect(openVaultFile(join(home, 'vault.json')).read()?.instance).toBe(2)
  })
})

describe('[T1] [T25] an archive that somebody else made', { timeout }, () => {
  interface Member {
    readonly name: string
    readonly bytes: Uint8Array
  }

  async function members(base: ReturnType<typeof folder>): Promise<Member[]> {
    await using peer = await openHub(base.at('hub'))
    await addFile(peer, 300_000, 5)
    const tar = await archiveOf(writeHubBackup(sourceOf(peer, base.at('hub')), { keys: true, signal }))
    const found: Member[] = []
    for (let at = 0; tar[at] !== 0; ) {
      const text = (from: number, length: number) =>
        Buffer.from(tar.subarray(at + from, at + from + length))
          .toString()
          .replace(/\0.*$/s, '')
      const size = Number.parseInt(text(124, 12), 8)
      found.push({ name: text(0, 100), bytes: tar.slice(at + 512, at + 512 + size) })
      at += 512 + Math.ceil(size / 512) * 512
    }
    return found
  }

  const tarOf = (files: readonly Member[]): Uint8Array =>
    new Uint8Array(
      Buffer.concat([
        ...files.flatMap(({ name, bytes }) => [
          tarHead(name, bytes.length, 1),
          bytes,
          tarPadding(bytes.length),
        ]),
        tarEnd,
      ]),
    )

  const replaced = (files: readonly Member[], name: string, bytes: Uint8Array) =>
    files.map((file) => (file.name === name ? { name, bytes } : file))
  const text = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value)}\n`)

  function database(
    files: readonly Member[],
    base: ReturnType<typeof folder>,
    sql: string,
  ): readonly Member[] {
    const path = base.at('changed.sqlite')
    writeFileSync(path, files.find(({ name }) => name === 'store/main.sqlite')?.bytes ?? '')
    const db = new DatabaseSync(path)
    db.exec(`pragma journal_mode = delete; ${sql}`)
    db.close()
    const bytes = new Uint8Array(readFileSync(path))
    rmSync(path)
    return replaced(files, 'store/main.sqlite', bytes)
  }

  test('names, links, order, sizes, versions, contents: refused, and nothing is left anywhere', async () => {
    using base = folder()
    const good = await members(base)
    const names = good.map(({ name }) => name)
    expect(names).toEqual([
      'backup.json',
      'vault.json',
      'store/main.sqlite',
      'blocks/00000001.car',
      'end.json',
    ])
    const raw = tarOf(good)
    const renamed = (from: string, to: string) =>
      good.map((file) => (file.name === from ? { ...file, name: to } : file))
    const patched = (change: (bytes: Uint8Array) => void) => {
      const bytes = raw.slice()
      change(bytes)
      return bytes
    }
    const fixSum = (bytes: Uint8Array) => {
      bytes.fill(0x20, 148, 156)
      const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0)
      bytes.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148)
    }
    const cases: readonly (readonly [string, string, Uint8Array])[] = [
      ['a path upwards', 'not-a-backup', tarOf(renamed('vault.json', '../vault.json'))],
      ['an absolute path', 'not-a-backup', tarOf(renamed('store/main.sqlite', base.at('outside')))],
      [
        'another file',
        'not-a-backup',
        tarOf([...good.slice(0, 2), { name: 'hub.json', bytes: text({}) }, ...good.slice(2)]),
      ],
      ['another order', 'not-a-backup', tarOf([good[1]!, good[0]!, ...good.slice(2)])],
      ['twice the same', 'not-a-backup', tarOf([...good.slice(0, 4), good[3]!, good[4]!])],
      ['more behind the end', 'not-a-backup', tarOf([...good, good[3]!])],
      ['no end', 'backup-damaged', tarOf(good.slice(0, 4))],
      ['no blocks', 'backup-damaged', tarOf([...good.slice(0, 3), good[4]!])],
      ['nothing', 'backup-damaged', new Uint8Array(0)],
      [
        'a link',
        'backup-damaged',
        patched((bytes) => {
          bytes[156] = 0x32
          fixSum(bytes)
        }),
      ],
      [
        'a size that lies',
        'backup-damaged',
        patched((bytes) => {
          bytes.set(new TextEncoder().encode('77777777777\0'), 124)
          fixSum(bytes)
        }),
      ],
      ['a newer format', 'backup-newer', tarOf(replaced(good, 'backup.json', text({ v: 2, more: true })))],
      ['a text that is none', 'not-a-backup', tarOf(replaced(good, 'backup.json', text({ v: 1, at: -1 })))],
      ['a newer database', 'backup-newer', tarOf(database(good, base, 'pragma user_version = 999'))],
      [
        'a trigger',
        'backup-damaged',
        tarOf(database(good, base, 'create trigger t after insert on meta begin delete from feeds; end')),
      ],
      [
        'a row that is no entry',
        'backup-damaged',
        tarOf(database(good, base, "update entries set bytes = x'7b7d'")),
      ],
      [
        'no database',
        'backup-damaged',
        tarOf(replaced(good, 'store/main.sqlite', new Uint8Array(9_000).fill(65))),
      ],
      ['no vault', 'backup-damaged', tarOf(replaced(good, 'vault.json', text({ v: 1 })))],
      [
        'no archive of blocks',
        'backup-damaged',
        tarOf(replaced(good, 'blocks/00000001.car', new Uint8Array(900))),
      ],
    ]
    for (const [name, code, tar] of cases) {
      expect.soft(await restored(base.at('copy'), tar), name).toMatchObject({ ok: false, error: { code } })
      expect.soft(readdirSync(base.at('copy')), name).toEqual([])
    }
    expect(readdirSync(base.path).sort()).toEqual(['copy', 'hub'])
    for (let at = 1; at < 12; at++) {
      const cut = raw.subarray(0, Math.floor((raw.length * at) / 12))
      expect.soft((await restored(base.at('copy'), cut)).ok, `cut at ${at}/12`).toBe(false)
    }
    expect((await restored(base.at('copy'), raw)).ok).toBe(true)
  })

  test('a home with anything in it is left as it is', async () => {
    using base = folder()
    writeFileSync(base.at('letter.txt'), 'mine')
    await expect(restored(base.path, new Uint8Array(0))).rejects.toMatchObject({ code: 'home-occupied' })
    expect(readdirSync(base.path)).toEqual(['letter.txt'])
  })
})

describe('[T1] what members claim', { timeout }, () => {
  test('[S27] a head record that its author signed, and that is false, keeps no backup from being restored', async () => {
    using base = folder()
    const home = base.at('hub')
    using store = openNodeStore(join(home, 'store'), { sha256: crypto.sha256, now })
    const signer = await testSigner('mallory')
    const identity = identityOfKey(signer.publicKey)
    const payload = JSON.stringify({ type: 'public_note', at: 1, text: 'one' })
    const draft = { identity, parent: null, length: 1, comparable: 1, synod: null, links: [], payload }
    const entry = await signEntry(draft, signer, crypto.sha256)
    const head = { identity, epoch: 1, length: 1, comparable: 1, bytes: entry.bytes.length, head: entry.cid }
    store.acceptHead(await signHead(head, signer), { force: true })
    store.appendRun({ identity, entries: [entry], bodies: new Map() })
    expect(store.acceptHead(await signHead({ ...head, epoch: 2, length: 9 }, signer))).toBe('new')
    expect(isSound(await verifyStore(store, crypto, { signal }))).toBe(true)
    const source = { home, store, copyRecords: null, clock: systemClock, version: '9.9.9' }
    const tar = await archiveOf(writeHubBackup(source, { keys: false, signal }))
    const result = await restored(base.at('copy'), tar)
    expect(result).toMatchObject({ ok: true, value: { report: { entries: 1, chains: [] } } })
  })
})

describe('verify', { timeout }, () => {
  test('[S26] [T22] of a backup writes its keys nowhere, and tells all the same whether they are damaged', async () => {
    using base = folder()
    const peer = await openHub(base.at('hub'))
    const tar = await archiveOf(writeHubBackup(sourceOf(peer, base.at('hub')), { keys: true, signal }))
    await peer[Symbol.asyncDispose]()
    const look = (bytes: Uint8Array) =>
      restoreHub(base.at('copy'), inPieces(bytes), { now, signal, keepsVault: false })
    mkdirSync(base.at('copy'))
    const seen = new Set<string | null>()
    const watcher = watch(base.at('copy'), (_, name) => void seen.add(name))
    using _watcher = { [Symbol.dispose]: () => watcher.close() }
    expect(await look(tar)).toMatchObject({ ok: true, value: { hasVault: true } })
    writeFileSync(base.at('copy/letter.txt'), 'the last thing that is seen')
    await expect.poll(() => seen).toContain('letter.txt')
    expect([...seen].sort()).toEqual(['.restoring', 'letter.txt', 'store'])
    rmSync(base.at('copy'), { recursive: true })
    // Of the same length, so that the archive stays whole.
    const other = new Uint8Array(tar)
    other[Buffer.from(tar).indexOf('"seed"') + 1] = 0x53
    expect(await look(other)).toMatchObject({ ok: false, error: { code: 'backup-damaged' } })
  })

  test('finds entries that changed, files that are lost, and promises that are not kept', async () => {
    using base = folder()
    const home = base.at('hub')
    const peer = await openHub(home)
    const { identity } = peer
    const { cid: first } = await peer.publish({ type: 'public_note', at: 1, text: 'one' })
    await addFile(peer, 700_000, 3)
    await peer[Symbol.asyncDispose]()
    const look = async () => {
      using store = openNodeStore(join(home, 'store'), { sha256: crypto.sha256, now })
      return await verifyStore(store, crypto, { signal })
    }
    const lease = async (head: ReturnType<typeof rawCid>, length: number) => {
      const signer = await testSigner('holder')
      const claim = {
        holder: identity,
        for: identity,
        epoch: 1,
        length,
        head,
        blobs: 0,
        until: now() + 1e9,
        bytes: 65_536,
        at: now(),
      }
      using store = openNodeStore(join(home, 'store'), { sha256: crypto.sha256, now })
      store.leases?.put({
        ...{ ...claim, owner: identity, record: await signLease(claim, signer) },
        ...{ isReleased: false, before: null },
      })
    }
    await lease(first, 1)
    expect(isSound(await look())).toBe(true)
    await lease(rawCid(new Uint8Array(3), crypto.sha256), 9)
    expect(await look()).toMatchObject({ damage: [], chains: [], promises: [{ code: 'not-held' }] })

    const change = (file: string, sql: string) => {
      const db = new DatabaseSync(join(home, 'store', file))
      db.exec(sql)
      db.close()
    }
    change('blocks.sqlite', 'delete from block_bytes where id = (select min(id) from block_bytes)')
    expect((await look()).damage.map(({ kind }) => kind)).toContain('block')
    change('main.sqlite', 'update entries set place = 4 where length = 1')
    expect((await look()).chains).toMatchObject([{ length: 1, code: 'absent' }])
    change('main.sqlite', "update entries set bytes = x'7b7d' where length = 2")
    expect((await look()).damage.map(({ kind }) => kind)).toContain('entry')
  })
})
