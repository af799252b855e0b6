/**
 * Entries of the cache by the clock: kept for a moment, gone without anybody telling.
 *
 * @module
 */
import { settle } from '@effigy/testkit'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Answer, QueryError } from './answer.ts'
import { aborted, createCache, maxLive, type Source } from './cache.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function createSource(mayPause = false) {
  const runs: { emit(value: number): void; fail(error: Error): void; signal: AbortSignal }[] = []
  const source: Source<Answer<number>> = {
    mayPause,
    initial: (wait) => ({ type: 'pending', value: null, error: null, wait }),
    async run(emit, signal) {
      const { promise, reject } = Promise.withResolvers<never>()
      runs.push({ emit: (value) => emit({ type: 'ready', value, error: null }), fail: reject, signal })
      await Promise.race([promise, aborted(signal)])
    },
    failed: (error: QueryError, { value }) => ({ type: 'failed', value, error }),
  }
  return { source, runs }
}

function waitOf(answer: Answer<number>): Promise<void> {
  if (answer.type !== 'pending') throw new Error('not pending')
  return answer.wait()
}

const nobody = { entries: 0, running: 0 }

describe('the cache of a peer', () => {
  test('a rendering that is thrown away starts nothing, and its entry goes', () => {
    const cache = createCache(1000)
    const { source, runs } = createSource()
    expect(cache.snapshot('a', source)).toBe(cache.snapshot('a', source))
    expect(cache.size).toEqual({ entries: 1, running: 0 })
    vi.advanceTimersByTime(1000)
    expect(cache.size).toEqual(nobody)
    expect(runs).toEqual([])
  })

  test('who leaves and comes back within the grace finds it running; after it, nobody', () => {
    const cache = createCache(1000)
    const { source, runs } = createSource()
    const heard = vi.fn()
    const leave = cache.subscribe('a', source, heard)
    runs[0]?.emit(1)
    leave()
    vi.advanceTimersByTime(999)
    const again = cache.subscribe('a', source, heard)
    expect(cache.snapshot('a', source)).toMatchObject({ value: 1 })
    vi.advanceTimersByTime(10_000)
    again()
    again()
    vi.advanceTimersByTime(1000)
    expect(cache.size).toEqual(nobody)
    expect(runs.length).toBe(1)
    expect(runs[0]?.signal.aborted).toBe(true)
    runs[0]?.emit(2)
    expect(heard).toHaveBeenCalledTimes(1)
  })

  test('a suspended component that never comes back is waited for half a minute', async () => {
    const cache = createCache(1000)
    const { source, runs } = createSource()
    const first = waitOf(cache.snapshot('a', source))
    expect(waitOf(cache.snapshot('a', source))).toBe(first)
    vi.advanceTimersByTime(29_999)
    expect(cache.size.running).toBe(1)
    vi.advanceTimersByTime(1)
    expect(cache.size).toEqual(nobody)
    expect(runs[0]?.signal.aborted).toBe(true)
    // If it is still there, it renders, and asks anew.
    await first
    expect(waitOf(cache.snapshot('a', source))).not.toBe(first)
  })

  test('one that has its answer is expected within the grace', async () => {
    const cache = createCache(1000)
    const { source, runs } = createSource()
    const first = waitOf(cache.snapshot('a', source))
    runs[0]?.emit(1)
    await first
    await settle()
    vi.advanceTimersByTime(999)
    expect(cache.size.running).toBe(1)
    vi.advanceTimersByTime(1)
    expect(cache.size).toEqual(nobody)
  })

  test('what failed is shown to who asked, and asked anew by the next', async () => {
    const cache = createCache(100_000)
    const { source, runs } = createSource()
    const leave = cache.subscribe('a', source, () => {})
    runs[0]?.emit(5)
    runs[0]?.fail(Object.assign(new Error('no'), { code: 'port-closed' }))
    await settle()
    expect(cache.snapshot('a', source)).toMatchObject({
      type: 'failed',
      value: 5,
      error: { code: 'port-closed' },
    })
    expect(cache.size).toEqual({ entries: 1, running: 0 })
    leave()
    vi.advanceTimersByTime(0)
    expect(cache.size).toEqual(nobody)
    cache.subscribe('a', source, () => {})
    expect(runs.length).toBe(2)
  })

  test('a listener that leaves while others are told, and one that subscribes then', () => {
    const cache = createCache(1000)
    const { source, runs } = createSource()
    const heard: string[] = []
    const leaveFirst = cache.subscribe('a', source, () => {
      heard.push('first')
      leaveFirst()
      cache.subscribe('a', source, () => heard.push('third'))
    })
    cache.subscribe('a', source, () => heard.push('second'))
    runs[0]?.emit(1)
    expect(heard).toEqual(['first', 'second'])
    runs[0]?.emit(2)
    expect(heard).toEqual(['first', 'second', 'second', 'third'])
  })

  test('of very many small questions all are answered, and so many are live', () => {
    const cache = createCache(1000)
    const all = Array.from({ length: maxLive * 3 }, (_, at) => {
      const made = createSource(true)
      const shown = () => cache.snapshot(`${at}`, made.source)
      return { ...made, shown, leave: cache.subscribe(`${at}`, made.source, () => {}) }
    })
    expect(cache.size.running).toBe(maxLive)
    // One answers after the other: those who wait for their first one come next.
    for (const [at, { runs }] of all.entries()) runs[0]?.emit(at)
    expect(all.map(({ shown }) => shown().value)).toEqual(all.map((_, at) => at))
    expect(cache.size.running).toBe(maxLive)
    // Who was paused goes on when there is room.
    expect(all[0]?.runs[0]?.signal.aborted).toBe(true)
    for (const { leave } of all.slice(maxLive)) leave()
    vi.advanceTimersByTime(1000)
    expect(cache.size).toEqual({ entries: maxLive, running: maxLive })
    for (const [at, { runs }] of all.slice(0, maxLive).entries()) runs.at(-1)?.emit(-at)
    expect(all[7]?.shown().value).toBe(-7)
    for (const { leave } of all) leave()
    vi.advanceTimersByTime(1000)
    expect(cache.size).toEqual(nobody)
  })
})
