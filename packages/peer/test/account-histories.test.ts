/** Random lives of an account on five devices: whatever happened, all the honest end with one verdict. */
import { describe, expect, test } from 'vitest'
import { liveThrough } from './account-history.ts'

describe('a random history of linking, revoking, leaving, handing over, moving, partitions, kills, clocks', () => {
  test.for(['3', '5', '16'])(
    '[Y2] [T14] seed %s: one verdict, one state, nothing newer of who was revoked after two rounds',
    { timeout: 20_000 },
    async (seed, { signal }) => {
      const { trace, beyond, verdicts, states, notes } = await liveThrough(seed, { signal })
      const told = `seed ${seed}\n${trace.join('\n')}`
      expect(beyond, told).toEqual([])
      for (const byName of [verdicts, states, notes]) {
        const [first] = byName.values()
        const alike = [...byName].map(([name]) => [name, first])
        expect(Object.fromEntries(byName), told).toEqual(Object.fromEntries(alike))
      }
      expect(verdicts.size).toBeGreaterThan(4)
    },
  )

  test('a seed replays: the same acts, refusals and verdicts', async ({ signal }) => {
    const [first, second] = [await liveThrough('5', { signal }), await liveThrough('5', { signal })]
    expect(second).toEqual(first)
  }, 20_000)

  test('lives that are begun at once are lived one after the other; one that nobody waits for ends', async ({
    signal,
  }) => {
    const steps = 4
    const alone = await liveThrough('5', { steps, signal })
    const stop = new AbortController()
    const left = liveThrough('3', { signal: stop.signal })
    const next = liveThrough('5', { steps, signal })
    stop.abort(new Error('nobody waits'))
    await expect(left).rejects.toThrow('nobody waits')
    expect(await next).toEqual(alone)
  }, 20_000)
})
