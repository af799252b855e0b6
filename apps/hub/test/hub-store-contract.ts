/**
 * What every `HubStore` does.
 *
 * @module
 */
import type { Clock } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type HubBucket,
  type HubChange,
  type HubStore,
  maxPage,
  maxUnseenChanges,
  maxValueBytes,
} from '../src/ports/hub-store.ts'

/** `open` gives an empty store. `runs`: of a property; few where each step crosses a network. */
export function hubStoreContract(
  open: (clock: Clock) => Promise<HubStore>,
  { runs }: { readonly runs: number },
): void {
  const signal = AbortSignal.timeout(60_000)

  describe('records', () => {
    test('a record is what was put; what is not there is null', async () => {
      await using store = await open(createFakeClock())
      const invites = store.bucket('invites')
      expect(await invites.get('a')).toBeNull()
      const value = 'ä \u0000 \ufeff 𝄞 {"uses":1}'
      const put = await invites.put('a', value)
      if (!put.ok) throw new Error('conflict')
      expect(await invites.get('a')).toEqual({ key: 'a', value, revision: put.value, expiresMs: null })
      expect(await store.bucket('aliases').get('a')).toBeNull()
      expect(await store.bucket('invites').get('a')).toMatchObject({ value })
    })

    test('every key that is one is kept as it is', async () => {
      await using store = await open(createFakeClock())
      const bucket = store.bucket('b-2')
      const keys = ['!', '.', '..', '*', '>', 'a.b', 'a.', '.a', '~', '@x.ed25519', 'A', 'a', 'k'.repeat(200)]
      for (const key of keys) await bucket.put(key, key)
      for (const key of keys) expect(await bucket.get(key)).toMatchObject({ key, value: key })
      const page = await bucket.list({ limit: 100 })
      expect(page.records.map(({ key }) => key)).toEqual([...keys].sort())
    })

    test('no key, no bucket, no text, no page: mistakes of the caller', async () => {
      await using store = await open(createFakeClock())
      const bucket = store.bucket('b')
      for (const key of ['', ' ', 'a b', 'ä', 'a\n', 'k'.repeat(201)]) {
        await expect(bucket.get(key)).rejects.toThrow(RangeError)
        await expect(bucket.put(key, '')).rejects.toThrow(RangeError)
        await expect(bucket.delete(key)).rejects.toThrow(RangeError)
      }
      await expect(bucket.put('a', '\ud800')).rejects.toThrow(RangeError)
      for (const limit of [0, -1, 1.5, maxPage + 1, Number.NaN]) {
        await expect(bucket.list({ limit })).rejects.toThrow(RangeError)
      }
      for (const name of ['', 'A', '1', 'a.b', 'a'.repeat(33)]) {
        expect(() => store.bucket(name)).toThrow(RangeError)
      }
    })

    test('the largest value fits, one byte more is refused and changes nothing', async () => {
      await using store = await open(createFakeClock())
      const bucket = store.bucket('b')
      const largest = 'ä'.repeat(maxValueBytes / 2)
      expect((await bucket.put('a', largest)).ok).toBe(true)
      expect(await bucket.put('a', `${largest}x`)).toEqual({
        ok: false,
        error: { type: 'too-large', bytes: maxValueBytes + 1 },
      })
      expect((await bucket.get('a'))?.value).toBe(largest)
    })
  })

  describe('revisions', () => {
    test('written only over the revision that is named', async () => {
      await using store = await open(createFakeClock())
      const bucket = store.bucket('b')
      expect(await bucket.put('a', '1', { revision: 7 })).toEqual(conflict(0))
      const first = await put(bucket, 'a', '1', 0)
      expect(await bucket.put('a', '2', { revision: 0 })).toEqual(conflict(first))
      const second = await put(bucket, 'a', '2', first)
      expect(second).toBeGreaterThan(first)
      expect(await bucket.put('a', '3', { revision: first })).toEqual(conflict(second))
      expect(await bucket.delete('a', { revision: first })).toEqual(conflict(second))
      expect(await bucket.get('a')).toMatchObject({ value: '2', revision: second })
      expect(await bucket.delete('a', { revision: second })).toEqual({ ok: true, value: true })
      expect(await bucket.get('a')).toBeNull()
      expect(await bucket.delete('a')).toEqual({ ok: true, value: false })
    })

    test('a revision is not given again after a deletion', async () => {
      await using store = await open(createFakeClock())
      const bucket = store.bucket('b')
      const first = await put(bucket, 'a', '1')
      await bucket.delete('a')
      expect(await bucket.put('a', '2', { revision: first })).toEqual(conflict(0))
      expect(await put(bucket, 'a', '2', 0)).toBeGreaterThan(first)
    })

    test('of many who want the same use of an invite one has it', async () => {
      await using store = await open(createFakeClock())
      const bucket = store.bucket('b')
      const revision = await put(bucket, 'a', '1')
      const all = await Promise.all(
        Array.from({ length: 9 }, (_, at) => bucket.put('a', `${at}`, { revision })),
      )
      expect(all.filter(({ ok }) => ok)).toHaveLength(1)
      expect((await bucket.get('a'))?.value).toBe(`${all.findIndex(({ ok }) => ok)}`)
    })
  })

  describe('lists', () => {
    test('pages by prefix, in order, each key once', async () => {
      await using store = await open(createFakeClock())
      const bucket = store.bucket('b')
      const names = ['b/1', 'a/3', 'a/1', 'a', 'a0', 'a/2', 'a/20', 'B/1']
      for (const name of names) await bucket.put(name, name)
      const seen: string[] = []
      let after: string | null = ''
      while (after !== null) {
        const page = await bucket.list({ prefix: 'a/', after, limit: 3 })
        expect(page.records.length).toBeLessThanOrEqual(3)
        seen.push(...page.records.map(({ key }) => key))
        after = page.next
      }
      expect(seen).toEqual(['a/1', 'a/2', 'a/20', 'a/3'])
      expect(await bucket.list({ prefix: 'c', limit: 3 })).toEqual({ records: [], next: null })
      expect((await bucket.list({ prefix: 'a/', limit: 4 })).next).toBeNull()
    })

    test('a random life agrees with a plain map', async () => {
      await using store = await open(createFakeClock())
      const key = fc.constantFrom('a', 'a/', 'a/1', 'a/2', 'b', 'b/1')
      const step = fc.record({ key, value: fc.option(fc.string({ unit: 'grapheme', maxLength: 9 })) })
      let made = 0
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 20 }), key, async (steps, prefix) => {
          const bucket = store.bucket(`life-${made++}`)
          const model = new Map<string, string>()
          for (const { key, value } of steps) {
            const before = await bucket.get(key)
            expect(before?.value).toBe(model.get(key))
            const revision = before?.revision ?? 0
            if (value === null) {
              expect(await bucket.delete(key, { revision })).toEqual({ ok: true, value: model.delete(key) })
            } else {
              await put(bucket, key, value, revision)
              model.set(key, value)
            }
          }
          const { records } = await bucket.list({ prefix, limit: maxPage })
          expect(records.map(({ key, value }) => [key, value])).toEqual(
            [...model].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)),
          )
        }),
        { numRuns: runs },
      )
    })
  })

  describe('expiry', () => {
    test('a record is not there from its last moment on', async () => {
      const clock = createFakeClock()
      await using store = await open(clock)
      const bucket = store.bucket('b')
      const expiresMs = clock.now() + 1000
      await bucket.put('a', '1', { expiresMs })
      await bucket.put('b', '2')
      clock.jump(999)
      expect(await bucket.get('a')).toMatchObject({ value: '1', expiresMs })
      clock.jump(1)
      expect(await bucket.get('a')).toBeNull()
      expect((await bucket.list({ limit: 9 })).records.map(({ key }) => key)).toEqual(['b'])
      expect(await bucket.delete('a')).toEqual({ ok: true, value: false })
    })

    test('where an expired one lies there is room for a new one', async () => {
      const clock = createFakeClock()
      await using store = await open(clock)
      const bucket = store.bucket('b')
      const first = await bucket.put('a', '1', { expiresMs: clock.now() + 1 })
      if (!first.ok) throw new Error('conflict')
      clock.jump(1)
      expect(await bucket.put('a', '2', { revision: first.value })).toEqual(conflict(0))
      expect(await put(bucket, 'a', '2', 0)).toBeGreaterThan(first.value)
      expect(await bucket.get('a')).toMatchObject({ value: '2', expiresMs: null })
    })
  })

  describe('watching', () => {
    test('what is there, then what changes, for that prefix', async () => {
      await using store = await open(createFakeClock())
      const bucket = store.bucket('b')
      await bucket.put('a/2', 'two')
      await bucket.put('a/1', 'one')
      await bucket.put('a/0', 'gone')
      await bucket.delete('a/0')
      await bucket.put('b', 'other')
      const watched = bucket.watch({ prefix: 'a/' }, signal)[Symbol.asyncIterator]()
      const there = [await next(watched), await next(watched)]
      expect(there.sort()).toEqual(['a/1=one', 'a/2=two'])
      expect(await next(watched)).toBe('caught-up')
      await bucket.put('a/1', 'uno')
      await bucket.put('b', 'other still')
      await bucket.delete('a/2')
      expect([await next(watched), await next(watched)]).toEqual(['a/1=uno', 'a/2 deleted'])
      await watched.return?.()
    })

    test('what changes while the present is told is told once, as it is in the end', async () => {
      await using store = await open(createFakeClock())
      const bucket = store.bucket('b')
      for (let at = 0; at < 300; at++) await bucket.put(`k${at.toString().padStart(3, '0')}`, 'old')
      const mirror = new Map<string, string>()
      const revisions = new Map<string, number>()
      let told = 0
      for await (const change of bucket.watch({}, signal)) {
        if (told++ === 0) {
          await bucket.put('k000', 'new')
          await bucket.put('k299', 'new')
          await bucket.delete('k298')
          await bucket.put('z', 'last')
        }
        if (change.type === 'caught-up') await bucket.put('end', '')
        if (change.type === 'deleted') mirror.delete(change.key)
        if (change.type !== 'put') continue
        const { key, value, revision } = change.record
        expect(revision).toBeGreaterThan(revisions.get(key) ?? 0)
        revisions.set(key, revision)
        mirror.set(key, value)
        if (key === 'end') break
      }
      expect(mirror.size).toBe(301)
      expect([mirror.get('k000'), mirror.get('k298'), mirror.get('k299')]).toEqual(['new', undefined, 'new'])
    })

    test('ends with the reason of its signal, and a slow one with `behind`', async () => {
      await using store = await open(createFakeClock())
      const bucket = store.bucket('b')
      const stop = new AbortController()
      const watched = bucket.watch({}, stop.signal)[Symbol.asyncIterator]()
      expect(await next(watched)).toBe('caught-up')
      const waiting = watched.next()
      stop.abort(new Error('enough'))
      await expect(waiting).rejects.toThrow('enough')

      const slow = bucket.watch({}, signal)[Symbol.asyncIterator]()
      expect(await next(slow)).toBe('caught-up')
      // One is read of many that are written, however late they are told.
      const written = maxUnseenChanges / 4
      const rest = async (): Promise<void> => {
        for (let round = 0; round < 8; round++) {
          await Promise.all(Array.from({ length: written }, (_, at) => bucket.put(`${round}-${at}`, '')))
          await slow.next()
        }
      }
      await expect(rest()).rejects.toMatchObject({ code: 'behind' })
    })
  })

  test('after disposal everything is closed', async () => {
    const store = await open(createFakeClock())
    const bucket = store.bucket('b')
    const watched = bucket.watch({}, signal)[Symbol.asyncIterator]()
    expect(await next(watched)).toBe('caught-up')
    const waiting = watched.next()
    waiting.catch(() => {})
    const last = bucket.put('a', 'written before')
    await store[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
    expect((await last).ok).toBe(true)
    const closed = { code: 'closed' }
    await expect(waiting).rejects.toMatchObject(closed)
    await expect(bucket.get('a')).rejects.toMatchObject(closed)
    await expect(bucket.put('a', '')).rejects.toMatchObject(closed)
    await expect(bucket.delete('a')).rejects.toMatchObject(closed)
    await expect(bucket.list({ limit: 1 })).rejects.toMatchObject(closed)
    await expect(bucket.watch({}, signal)[Symbol.asyncIterator]().next()).rejects.toMatchObject(closed)
  })
}

const conflict = (revision: number) => ({ ok: false, error: { type: 'conflict', revision } })

async function put(bucket: HubBucket, key: string, value: string, revision?: number): Promise<number> {
  const done = await bucket.put(key, value, revision === undefined ? {} : { revision })
  if (!done.ok) throw new Error(`refused: ${done.error.type}`)
  return done.value
}

/** As one line. */
async function next(changes: AsyncIterator<HubChange>): Promise<string> {
  const { value, done } = await changes.next()
  if (done === true) return 'over'
  const change: HubChange = value
  switch (change.type) {
    case 'put':
      return `${change.record.key}=${change.record.value}`
    case 'deleted':
      return `${change.key} deleted`
    case 'caught-up':
      return 'caught-up'
  }
}
