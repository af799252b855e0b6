import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspectDatabase } from '@effigy/store/node'
import { silentLog } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { hubStoreContract } from '../../test/hub-store-contract.ts'
import { openEmbeddedStore } from './embedded-store.ts'
import { maxUnwritten } from './hub-store.ts'
import { recordMigrations } from './record-table.ts'

const open = (path: string, clock = createFakeClock()) => openEmbeddedStore({ path, clock, log: silentLog })

hubStoreContract(async (clock) => openEmbeddedStore({ path: ':memory:', clock, log: silentLog }), {
  runs: 100,
})

function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'effigy-records-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

describe('the file', () => {
  test('records and revisions survive, and one process has the file', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'hub.sqlite')
    const store = open(path)
    const first = await store.bucket('b').put('a', '1')
    await store.bucket('b').put('gone', '1')
    await store.bucket('b').delete('gone')
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'storage-locked' }))
    await store[Symbol.asyncDispose]()

    await using again = open(path)
    expect(await again.bucket('b').get('a')).toMatchObject({ value: '1' })
    const second = await again.bucket('b').put('gone', '2', { revision: 0 })
    if (!first.ok || !second.ok) throw new Error('conflict')
    expect(second.value).toBeGreaterThan(first.value + 1)
  })

  test('damage is told apart from that of the peer’s store', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'hub.sqlite')
    writeFileSync(path, 'rubbish '.repeat(1000))
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'records-damaged' }))
  })

  test('a copy has everything that was written before it', async () => {
    using folder = temporaryFolder()
    await using store = open(join(folder.path, 'hub.sqlite'))
    const late = store.bucket('b').put('a', '1')
    const copy = join(folder.path, 'copy.sqlite')
    const signal = AbortSignal.timeout(20_000)
    await store.copyTo(copy, { signal })
    await expect(store.copyTo(copy, { signal })).rejects.toThrow('EEXIST')
    expect(inspectDatabase(copy, recordMigrations)).toEqual({ ok: true, value: { version: 1 } })
    await late
    await store.bucket('b').put('a', '2')
    await using copied = open(copy)
    expect(await copied.bucket('b').get('a')).toMatchObject({ value: '1' })
  })

  test('one write more than may wait is refused', async () => {
    await using store = open(':memory:')
    const bucket = store.bucket('b')
    const writes = Array.from({ length: maxUnwritten }, (_, at) => bucket.put(`${at % 9}`, ''))
    await expect(bucket.put('a', '')).rejects.toMatchObject({ code: 'busy' })
    await Promise.all(writes)
    expect((await bucket.put('a', '')).ok).toBe(true)
  })
})

describe('expired records', () => {
  test('are erased in the background, also many, and watchers hear of it', async () => {
    const clock = createFakeClock()
    await using store = open(':memory:', clock)
    const bucket = store.bucket('b')
    const expiresMs = clock.now() + 1000
    await Promise.all(Array.from({ length: 1100 }, (_, at) => bucket.put(`k${at}`, '', { expiresMs })))
    await bucket.put('stays', '')
    const mirror = new Set<string>()
    const watching = (async () => {
      for await (const change of bucket.watch({}, AbortSignal.timeout(20_000))) {
        if (change.type === 'put') mirror.add(change.record.key)
        if (change.type === 'deleted') mirror.delete(change.key)
        if (mirror.size === 1 && change.type === 'deleted') return
      }
    })()
    await clock.runUntil(() => mirror.size === 1101, 100)
    await clock.advance(61_000)
    await watching
    expect([...mirror]).toEqual(['stays'])
  })
})
