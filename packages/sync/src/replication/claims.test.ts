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
