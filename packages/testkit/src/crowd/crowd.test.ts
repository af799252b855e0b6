/** A small crowd, whole: what the benchmark does with 25,000. */
import { createMemoisedCrypto } from '@effigy/crypto'
import { createNodeCrypto } from '@effigy/crypto/node'
import { openNodeStore } from '@effigy/store/node'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../seed.ts'
import { createCheapCrypto } from './cheap-crypto.ts'
import { runCrowd } from './crowd.ts'
import { smallWorld } from './graph.ts'
import { drawSchedule, isThere, isTold } from './schedule.ts'

const real = createNodeCrypto()
const cheap = createCheapCrypto(real.sha256, real.randomBytes)
const openFull = () => openNodeStore(':memory:', { sha256: real.sha256, now: () => 0 })
/** Ms; a few seconds on a machine that does nothing else. */
const timeout = 120_000
const limits = { pingAfterMs: Number.POSITIVE_INFINITY }

describe('a crowd', () => {
  test(
    '[R1] [H4] every follower who is there has every followed head, after an hour with churn',
    async () => {
      const result = await runCrowd({ peers: 300, seed: 'ci', crypto: cheap, openFull, limits })
      expect(result).toMatchObject({ missing: 0, failures: {}, handedOver: 0 })
      expect(result.expected).toBeGreaterThan(13_000)
      expect(result.reconnects).toBeGreaterThan(10)
      expect(result.meanBytes).toBeLessThan(40_000)
    },
    timeout,
  )

  test(
    'cheap crypto changes no byte on the wire: the same run with the real one has the same digest',
    async () => {
      const options = { peers: 60, seed: 'crypto', openFull, follows: 10, durationMs: 600_000 }
      // Both behind the same memory, so that verdicts come after as many turns of the microtask queue: what differs is the
      // crypto alone. It does not say that the bench's crowd, whose cheap crypto has no memory around it, would do each thing in
      // the same turn with real signatures; only what is said on the wire is compared, and only so.
      const first = await runCrowd({ ...options, crypto: createMemoisedCrypto(cheap) })
      const second = await runCrowd({ ...options, crypto: createMemoisedCrypto(real) })
      expect(first.missing).toBe(0)
      expect(second).toEqual(first)
    },
    timeout,
  )

  test(
    'with entries the light stores hold the same chains, and none becomes a full one',
    async () => {
      const options = { peers: 60, seed: 'entries', openFull, limits, follows: 10, durationMs: 600_000 }
      const result = await runCrowd({ ...options, crypto: cheap, keeps: 'entries' })
      expect(result).toMatchObject({ missing: 0, handedOver: 0 })
    },
    timeout,
  )
})

test('a small world: as many follows as asked, nobody twice, most of them near', () => {
  const graph = smallWorld(createRandom('graph'), 1_000, 50)
  let near = 0
  for (const [self, follows] of graph.entries()) {
    expect(new Set(follows).size).toBe(50)
    expect(follows.includes(self)).toBe(false)
    for (const other of follows) {
      const distance = Math.abs(other - self)
      if (Math.min(distance, 1_000 - distance) <= 25) near++
    }
  }
  expect(near / 50_000).toBeGreaterThan(0.85)
  expect(near / 50_000).toBeLessThan(0.95)
})

test('a schedule: each joins and publishes once, as many leave as asked, all before the quiet end', () => {
  const durationMs = 3_600_000
  const { events, plans } = drawSchedule(createRandom('schedule'), { peers: 10_000, churn: 0.1, durationMs })
  const of = (type: string) => events.filter((event) => event.type === type).length
  expect(of('publish')).toBe(10_000)
  expect(of('cut') + of('leave')).toBeGreaterThan(900)
  expect(of('cut') + of('leave')).toBeLessThan(1_100)
  expect(events.every(({ atMs }, at) => atMs >= (events[at - 1]?.atMs ?? 0))).toBe(true)
  expect(events.at(-1)!.atMs).toBeLessThan(durationMs - 29_000)
  // Only some of those who left late may not count.
  expect(plans.filter((plan) => !isThere(plan, durationMs)).length).toBeLessThan(500)
  expect(plans.filter((plan) => !isTold(plan, durationMs)).length).toBeLessThan(300)
})
