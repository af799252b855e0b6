import { createHmac } from 'node:crypto'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { testIdentity } from '../../test/fake-peer.ts'
import { turnName } from './credentials.ts'
import { createTurnNames } from './names.ts'

const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map(testIdentity))
const secret = 'of-a-test-and-of-nothing-else-0123456789'
const minuteMs = 60_000

function createWorld(maxNames = 100, maxOfNewcomers = 100) {
  const clock = createFakeClock()
  const isNewcomer = (one: string) => one !== alice
  const names = createTurnNames({ secret, clock, isNewcomer, maxNames, maxOfNewcomers })
  const give = (who = alice) => {
    const given = names.give(who!)
    if (!given.ok) throw new Error(given.error.code)
    return given.value
  }
  return { clock, names, give }
}

test('[V81] a name is its end and chance, the password its MAC', async () => {
  const { clock, give } = createWorld()
  const { user, password, seconds } = give()
  const [expiry = '', random = '', ...more] = user.split(':')
  expect([Number(expiry) * 1_000, seconds, more.length]).toEqual([clock.now() + 10 * minuteMs, 600, 0])
  expect(random).toMatch(/^[A-Za-z0-9_-]{22}$/)
  expect(password).toBe(createHmac('sha1', secret).update(user).digest('base64'))
  // As other programs have it.
  expect(turnName('north', 1_400_000_000_000, 'ada').user).toBe('1400000000:ada')
})

test('[V82] the same name for five minutes, two good ones at most, and none of somebody else', async () => {
  const { clock, names, give } = createWorld()
  const seen = new Set<string>()
  for (let minute = 0; minute < 60; minute++) {
    const { user, seconds } = give()
    seen.add(user)
    expect(seconds).toBeGreaterThan(300)
    expect(names.count).toBeLessThanOrEqual(2)
    await clock.advance(minuteMs)
  }
  expect(seen.size).toBe(12)
  expect(give(bob).user).not.toBe(give(alice).user)
})

test('[V82] what has ended does not count', async () => {
  const { clock, names, give } = createWorld()
  give()
  await clock.advance(10 * minuteMs - 1)
  expect(names.count).toBe(1)
  await clock.advance(1)
  expect(names.count).toBe(0)
})

test('[V82] no more names than there is room for; whoever has one keeps it', async () => {
  const { clock, names, give } = createWorld(2)
  const first = give(alice)
  await clock.advance(minuteMs)
  give(bob)
  expect(names.give(carol!)).toEqual({ ok: false, error: { code: 'busy', retryMs: 9 * minuteMs } })
  expect(give(alice).user).toBe(first.user)
  await clock.advance(9 * minuteMs)
  expect(give(carol).seconds).toBe(600)
})

test('[V82] [T18] newcomers fill their own part alone, until one of theirs ends; the others go on', async () => {
  const { clock, names, give } = createWorld(100, 1)
  give(alice)
  await clock.advance(minuteMs)
  const first = give(bob)
  await clock.advance(minuteMs)
  const busy = { ok: false, error: { code: 'busy', retryMs: 9 * minuteMs } }
  expect(names.give(carol!)).toEqual(busy)
  expect(give(bob).user).toBe(first.user)
  expect(give(alice).seconds).toBe(480)
  await clock.advance(4 * minuteMs)
  // A second one of its own, where bob has to wait for the end of his.
  expect([give(alice).seconds, names.give(bob!).ok]).toEqual([600, false])
  await clock.advance(5 * minuteMs)
  expect(give(carol).seconds).toBe(600)
})

test('[T24] a clock that jumps gives no name that is good for longer, and locks nobody out', async () => {
  const { clock, names, give } = createWorld(2)
  give()
  give(bob)
  for (const jump of [-3_600_000, 7_200_000]) {
    clock.jump(jump)
    expect(names.count).toBe(0)
    expect(give(carol).seconds).toBeLessThanOrEqual(600)
    expect(give().seconds).toBeLessThanOrEqual(600)
  }
})
