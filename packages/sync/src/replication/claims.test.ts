/** Nobody waits for a source that gives nothing (T16). */
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createClaims } from './claims.ts'

test('[T16] whoever was refused hears when the claim has become stale, without asking again', async () => {
  const clock = createFakeClock()
  const claims = createClaims<string>(clock)
  const heard: string[] = []
  const [silent, honest] = [{}, {}]
  using _watching = claims.watch((key) => heard.push(key))
  expect(claims.take('block', silent)).toBe(true)
  expect(claims.take('other', silent)).toBe(true)
  await clock.advance(4_000)
  expect(claims.take('block', honest)).toBe(false)
  await clock.advance(5_900)
  claims.renew('block', silent)
  await clock.advance(9_900)
  expect(heard).toEqual([])
  await clock.advance(200)
  expect(heard).toEqual(['block'])
  expect(claims.take('block', honest)).toBe(true)
  claims.release('block', silent)
  claims.release('block', honest)
  expect(heard).toEqual(['block', 'block'])
})

test('nothing waits when nobody listens any more', async () => {
  const clock = createFakeClock()
  const claims = createClaims<string>(clock)
  const heard: string[] = []
  const watching = claims.watch((key) => heard.push(key))
  claims.take('block', {})
  claims.take('block', {})
  watching[Symbol.dispose]()
  await clock.advance(20_000)
  expect(heard).toEqual([])
})

const mebibyte = 1024 * 1024

test('[R10] who gives too little in its time loses it to who wants it too, and hears of that', async () => {
  const clock = createFakeClock()
  const claims = createClaims<string>(clock)
  const lost: string[] = []
  const trickling = { lost: (key: string) => lost.push(key) }
  const honest = {}
  using _watching = claims.watch(() => claims.take('feed', honest))
  expect(claims.take('feed', trickling)).toBe(true)
  for (let second = 0; second < 9; second++) {
    claims.renew('feed', trickling, 600)
    expect(claims.take('feed', honest)).toBe(false)
    await clock.advance(1_000)
  }
  expect(lost).toEqual([])
  await clock.advance(1_100)
  expect(lost).toEqual(['feed'])
  expect(claims.take('feed', trickling)).toBe(false)
})

test('[R10] enough in its time is enough, however long it takes altogether', async () => {
  const clock = createFakeClock()
  const claims = createClaims<string>(clock)
  const [steady, other] = [{}, {}]
  using _watching = claims.watch(() => claims.take('feed', other))
  expect(claims.take('feed', steady)).toBe(true)
  for (let second = 0; second < 100; second++) {
    claims.renew('feed', steady, 8 * 1024)
    expect(claims.take('feed', other)).toBe(false)
    await clock.advance(1_000)
  }
})

test('[R10] of two that are both slow the second keeps it while anything comes: they do not take turns', async () => {
  const clock = createFakeClock()
  const claims = createClaims<string>(clock)
  const [one, two] = [{}, {}]
  using _watching = claims.watch(() => {})
  claims.take('feed', one)
  await clock.advance(10_000)
  expect(claims.take('feed', two)).toBe(true)
  for (let round = 0; round < 20; round++) {
    claims.renew('feed', two, 100)
    await clock.advance(10_000)
    expect(claims.take('feed', one)).toBe(false)
  }
  // Silent for twice the time of the first: its turn is over.
  await clock.advance(40_000)
  expect(claims.take('feed', one)).toBe(true)
})

test('[R10] on a line that is slow itself each next one has longer, so that somebody comes to an end', async () => {
  const clock = createFakeClock()
  const claims = createClaims<string>(clock)
  const owners = [{}, {}]
  using _watching = claims.watch(() => {})
  let holder = 0
  claims.take('feed', owners[0]!)
  // Nothing is seen of a batch before all of it is there: 100 s.
  let sinceMs = clock.monotonic()
  for (let second = 0; second < 1_000 && clock.monotonic() - sinceMs < 100_000; second++) {
    await clock.advance(1_000)
    if (!claims.take('feed', owners[1 - holder]!)) continue
    holder = 1 - holder
    sinceMs = clock.monotonic()
  }
  expect(clock.monotonic() - sinceMs).toBeGreaterThanOrEqual(100_000)
  claims.renew('feed', owners[holder]!, mebibyte)
  expect(claims.take('feed', owners[1 - holder]!)).toBe(false)
})

test('[R10] [T16] those who were silent with it go behind who waits: two of them do not pass it to and fro', async () => {
  const clock = createFakeClock()
  const claims = createClaims<string>(clock)
  const takers = ['one', 'two', 'honest'].map((name) => ({ name, lost: () => lost.push(name) }))
  const [one, two, honest] = takers
  const [lost, took]: [string[], string[]] = [[], []]
  // Told in the order in which the sessions began: the honest one is the last that is asked each time.
  for (const owner of takers) {
    claims.watch((key) => {
      const isHolder = took.at(-1) === owner.name
      if (!isHolder && claims.take(key, owner)) took.push(owner.name)
    })
  }
  for (const owner of takers) if (claims.take('feed', owner)) took.push(owner.name)
  for (let second = 5; second < 30; second += 5) {
    await clock.advance(5_000)
    expect(claims.take('feed', honest as object)).toBe(false)
  }
  await clock.advance(5_000)
  expect(took).toEqual(['one', 'two', 'honest'])
  expect(lost).toEqual(['one', 'two'])
  expect([one, two].map((owner) => claims.take('feed', owner as object))).toEqual([false, false])
})

test('[R10] who gives up what it was silent with does not get it back before who waits; who leaves is not waited for', async () => {
  const clock = createFakeClock()
  const claims = createClaims<string>(clock)
  const [silent, honest] = [{}, {}]
  const heard: string[] = []
  using _watching = claims.watch((key) => heard.push(key))
  for (const leaves of [false, true]) {
    expect(claims.take('feed', silent)).toBe(true)
    await clock.advance(5_000)
    expect(claims.take('feed', honest)).toBe(false)
    await clock.advance(5_000)
    claims.release('feed', silent)
    expect(claims.take('feed', silent)).toBe(false)
    if (leaves) {
      heard.length = 0
      claims.release('feed', honest)
      expect(heard).toEqual(['feed'])
      expect(claims.take('feed', silent)).toBe(true)
    } else {
      expect(claims.take('feed', honest)).toBe(true)
      claims.release('feed', honest)
    }
  }
})

test('[R10] who was refused and asks no more holds nobody up for longer than 10 s, and until then nothing runs in a loop', async () => {
  const clock = createFakeClock()
  let timers = 0
  const after: typeof clock.after = (ms, run) => {
    timers++
    return clock.after(ms, run)
  }
  const claims = createClaims<string>({ monotonic: clock.monotonic, after })
  const [one, two, gone] = [{}, {}, {}]
  let tookAtMs: number | null = null
  claims.take('feed', one)
  await clock.advance(10_000)
  expect(claims.take('feed', two)).toBe(true)
  using _watching = claims.watch((key) => {
    if (tookAtMs === null && claims.take(key, one)) tookAtMs = clock.monotonic()
  })
  await clock.advance(15_000)
  const askedAtMs = clock.monotonic()
  expect(claims.take('feed', gone)).toBe(false)
  await clock.advance(20_000)
  expect(tookAtMs).toBe(askedAtMs + 10_000)
  expect(timers).toBeLessThan(10)
})

test('[T16] whoever was refused hears in time, however long another claim may last', async () => {
  const clock = createFakeClock()
  const claims = createClaims<string>(clock)
  const [one, two] = [{}, {}]
  const heard: string[] = []
  using _watching = claims.watch((key) => heard.push(key))
  claims.take('long', one)
  await clock.advance(10_000)
  claims.take('long', two)
  expect(claims.take('long', {})).toBe(false)
  claims.take('short', one)
  expect(claims.take('short', two)).toBe(false)
  await clock.advance(10_000)
  expect(heard).toEqual(['short'])
})
