import { describe, expect, test } from 'vitest'
import { createSpread, type Topology } from './spread-world.ts'

describe.for<Topology>(['hub', 'random', 'mesh'])('%s', (topology) => {
  test('[G4] a new entry is on all of 16 peers in under two round trips, and comes once', {
    timeout: 120_000,
  }, async () => {
    await using spread = await createSpread({ topology, peers: 16, authors: 2, seed: `test ${topology}` })
    // The first of each author may find the carriers as they were when all came up to date.
    for (const author of [0, 1]) expect((await spread.publish(author)).copies).toBeLessThanOrEqual(1.5)
    for (const author of [0, 1, 0]) {
      const { roundTrips, copies } = await spread.publish(author)
      expect(roundTrips).toBeLessThan(2)
      expect(copies).toBeLessThanOrEqual(1.5)
    }
  })
})
