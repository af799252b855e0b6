import { describe, expect, test } from 'vitest'
import { createFakeClock } from './clock.ts'
import { createRandom } from './seed.ts'

describe('createFakeClock', () => {
  test('timers run in order of time, then of setting', async () => {
    const clock = createFakeClock(1000)
    const ran: string[] = []
    clock.after(20, () => ran.push(`c at ${clock.now()}`))
    clock.after(10, () => ran.push(`a at ${clock.now()}`))
    clock.after(10, () => ran.push(`b at ${clock.now()}`))
    await clock.advance(15)
    expect(ran).toEqual(['a at 1010', 'b at 1010'])
    await clock.advance(15)
    expect(ran).toEqual(['a at 1010', 'b at 1010', 'c at 1020'])
    expect(clock.now()).toBe(1030)
  })

  test('promises settle between two timers of the same instant', async () => {
    const clock = createFakeClock()
    const ran: string[] = []
    clock.after(5, () => {
      void (async () => {
        for (let hop = 0; hop < 100; hop++) await Promise.resolve()
        ran.push('promise')
      })()
    })
    clock.after(5, () => ran.push('timer'))
    await clock.advance(5)
    expect(ran).toEqual(['promise', 'timer'])
  })

  test('one that never comes keeps none of the others from coming', async () => {
    const clock = createFakeClock()
    let ran = 0
    clock.after(Number.POSITIVE_INFINITY, () => ran--)
    await clock.advance(10)
    clock.after(5, () => ran++)
    await clock.advance(10)
    expect(ran).toBe(1)
  })

  test('a timer set by a timer runs within the same advance when it is due', async () => {
    const clock = createFakeClock()
    const at: number[] = []
    const tick = () => {
      at.push(clock.monotonic())
      clock.after(10, tick)
    }
    tick()
    await clock.advance(35)
    expect(at).toEqual([0, 10, 20, 30])
    expect(clock.pending()).toBe(1)
  })

  test('a cancelled timer never runs, and cancelling twice or late is harmless', async () => {
    const clock = createFakeClock()
    let ran = 0
    const cancelled = clock.after(1, () => ran++)
    const kept = clock.after(1, () => ran++)
    cancelled[Symbol.dispose]()
    cancelled[Symbol.dispose]()
    expect(clock.pending()).toBe(1)
    await clock.advance(1)
    kept[Symbol.dispose]()
    expect(ran).toBe(1)
    expect(clock.pending()).toBe(0)
  })

  test('[T24] a jump moves wall time alone', async () => {
    const clock = createFakeClock(1000)
    let ran = 0
    clock.after(10, () => ran++)
    clock.jump(-500)
    expect(clock.now()).toBe(500)
    clock.jump(1_000_000)
    expect([ran, clock.monotonic()]).toEqual([0, 0])
    await clock.advance(10)
    expect([ran, clock.monotonic(), clock.now()]).toEqual([1, 10, 1_000_510])
  })

  test('[T24] a view has a wall clock of its own and shares the passing of time', async () => {
    const clock = createFakeClock(1000)
    const view = clock.view(60_000)
    let seen = 0
    view.after(10, () => {
      seen = view.now()
    })
    view.jump(1)
    await clock.advance(10)
    expect([seen, clock.now()]).toEqual([61_011, 1010])
  })

  test('runUntil stops at the condition, at the limit, or when nothing is left', async () => {
    const clock = createFakeClock()
    let count = 0
    for (let n = 1; n <= 5; n++) clock.after(n * 10, () => count++)
    expect(await clock.runUntil(() => count === 2, 1000)).toBe(true)
    expect(clock.monotonic()).toBe(20)
    expect(await clock.runUntil(() => count === 5, 10)).toBe(false)
    expect(await clock.runUntil(() => count === 9, 1000)).toBe(false)
    expect([count, clock.pending()]).toEqual([5, 0])
  })

  test('what a timer throws reaches the caller, and the clock works on', async () => {
    const clock = createFakeClock()
    clock.after(1, () => {
      throw new Error('boom')
    })
    await expect(clock.advance(5)).rejects.toThrow('boom')
    await clock.advance(5)
    expect(clock.monotonic()).toBe(6)
  })

  test('thousands of timers, some cancelled, run in order', async () => {
    const random = createRandom('timers')
    const clock = createFakeClock()
    const ran: number[] = []
    const expected: number[] = []
    for (let n = 0; n < 3000; n++) {
      const ms = random.integer(500)
      const timer = clock.after(ms, () => ran.push(ms))
      if (random.chance(0.3)) timer[Symbol.dispose]()
      else expected.push(ms)
    }
    await clock.advance(500)
    expect(ran).toEqual(expected.sort((a, b) => a - b))
  })
})

test('the wall clock shows whole milliseconds, the other one fractions', async () => {
  const clock = createFakeClock(1_000)
  await clock.advance(1.5)
  expect([clock.now(), clock.view(10).now(), clock.monotonic()]).toEqual([1_001, 1_011, 1.5])
})

test('a timer of next to nothing still moves the time', async () => {
  const clock = createFakeClock()
  await clock.advance(71_837.7)
  const before = clock.monotonic()
  let after = before
  clock.after(1e-12, () => {
    after = clock.monotonic()
  })
  await clock.advance(1)
  expect(after).toBeGreaterThan(before)
})
