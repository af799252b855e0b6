import { readFileSync } from 'node:fs'
import { type OrderName, orders } from '@effigy/sync'
import { describe, expect, test } from 'vitest'
import { runAll, withTables } from './document.ts'
import { underLoad } from './experiments.ts'
import { type Moment, simulate } from './simulation.ts'

const docs = new URL('../../docs/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, docs), 'utf8')

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe('the figures of the paper', () => {
  test('[G2] [G3] docs/gossip.md says what the program prints, the plots are those it draws', {
    timeout: 900_000,
  }, () => {
    const { tables, plots } = runAll()
    expect(withTables(read('gossip.md'), tables)).toBe(read('gossip.md'))
    for (const [name, svg] of plots) expect(read(name) === svg, name).toBe(true)
  })

  test('[G2] the order that ships is no worse than scuttle-depth, over three seeds', {
    timeout: 900_000,
  }, () => {
    const of = (name: OrderName) => {
      const runs = ['a', 'b', 'c'].map((seed) => underLoad(name, seed))
      const over = (value: (moments: readonly Moment[]) => number) => mean(runs.map(value))
      return {
        peakStaleness: over((moments) => Math.max(...moments.map(({ maxStaleness }) => maxStaleness))),
        staleness: over((moments) => mean(moments.map(({ maxStaleness }) => maxStaleness))),
        peakMappings: over((moments) => Math.max(...moments.map(({ staleMappings }) => staleMappings))),
        mappings: over((moments) => mean(moments.map(({ staleMappings }) => staleMappings))),
      }
    }
    const [shipping, depth] = [of('shipping'), of('scuttle-depth')]
    expect(shipping.peakStaleness).toBeLessThan(0.9 * depth.peakStaleness)
    expect(shipping.staleness).toBeLessThan(depth.staleness)
    expect(shipping.mappings).toBeLessThan(depth.mappings)
    // One moment of one run: chance alone is a percent.
    expect(shipping.peakMappings).toBeLessThan(1.02 * depth.peakMappings)
  })

  test('[G1] a seed replays exactly', () => {
    const run = () =>
      simulate({
        order: orders[0]!,
        seed: 'again',
        seconds: 12,
        participants: 8,
        keys: 4,
        limitAt: () => 3,
        desiredAt: () => 1,
        flowControl: { decrease: 0.75, increase: 0.2, least: 0.01, most: 10 },
      })
    expect(run()).toEqual(run())
  })
})
