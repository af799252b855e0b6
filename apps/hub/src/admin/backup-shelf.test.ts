import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EffigyError } from '@effigy/core'
import { silentLog } from '@effigy/sync'
import { expect, onTestFinished, test } from 'vitest'
import { createBackupShelf, maxShelved } from './backup-shelf.ts'

function world(pieces: () => AsyncGenerator<Uint8Array, void, void>) {
  const home = mkdtempSync(join(tmpdir(), 'effigy-shelf-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const asked: boolean[] = []
  const backups = {
    isRunning: false,
    write(options: { readonly keys: boolean }) {
      asked.push(options.keys)
      return pieces()
    },
  }
  let now = Date.UTC(2026, 10, 21, 16)
  const clock = { now: () => (now += 1_000) }
  const signal = new AbortController().signal
  return { home, asked, backups, shelf: createBackupShelf({ home, backups, clock, log: silentLog, signal }) }
}

async function* short(): AsyncGenerator<Uint8Array, void, void> {
  yield new Uint8Array(3)
}

test('a backup is written behind the answer, without keys, for its owner alone', async () => {
  const { home, asked, shelf } = world(short)
  expect(shelf.list()).toEqual([])
  const started = shelf.start()
  expect(started).toEqual({ ok: true, value: 'hub-20261121-160001.tar' })
  expect([shelf.running, shelf.start()]).toEqual(['hub-20261121-160001.tar', { ok: false, error: 'busy' }])
  await expect.poll(() => shelf.running).toBeNull()
  expect(shelf.list()).toMatchObject([{ file: 'hub-20261121-160001.tar', bytes: 3 }])
  expect([asked, shelf.failure]).toEqual([[false], null])
  expect(statSync(join(home, 'backups', 'hub-20261121-160001.tar')).mode & 0o777).toBe(0o600)
  expect([shelf.remove('hub-20261121-160001.tar'), shelf.remove('hub-20261121-160001.tar')]).toEqual([
    true,
    false,
  ])
})

test('one that fails leaves nothing and says why', async () => {
  const { home, shelf } = world(async function* () {
    yield new Uint8Array(3)
    throw new EffigyError('storage-full', 'no room')
  })
  shelf.start()
  await expect.poll(() => shelf.running).toBeNull()
  expect([shelf.failure, readdirSync(join(home, 'backups'))]).toEqual(['storage-full', []])
})

test('while `hub backup` makes one, no other is begun', () => {
  const { backups, shelf } = world(short)
  backups.isRunning = true
  expect(shelf.start()).toEqual({ ok: false, error: 'busy' })
})

test('[T16] backups on the shelf: at the limit and one above', async () => {
  const { shelf } = world(short)
  for (let count = 0; count < maxShelved; count++) {
    expect(shelf.start().ok).toBe(true)
    await expect.poll(() => shelf.running).toBeNull()
  }
  expect(shelf.start()).toEqual({ ok: false, error: 'full' })
})

test('nothing but its own files is listed or removed', () => {
  const { home, shelf } = world(short)
  mkdirSync(join(home, 'backups'))
  writeFileSync(join(home, 'vault.json'), 'key')
  for (const name of ['x.tar', 'hub-20261121-160000.tar.part']) writeFileSync(join(home, 'backups', name), '')
  expect(shelf.list()).toEqual([])
  for (const name of ['../vault.json', 'x.tar', '', '.', '/etc/passwd'])
    expect(shelf.remove(name)).toBe(false)
  expect(readFileSync(join(home, 'vault.json'), 'utf8')).toBe('key')
})
