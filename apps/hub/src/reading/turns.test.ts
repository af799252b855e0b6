import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

test('[T16] two at once, the others in their order, and a place is free again whatever came of it', async () => {
  const inTurn = createTurns(2)
  const begun: number[] = []
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<number>())
  const done = ends.map(({ promise }, at) =>
    inTurn(() => {
      begun.push(at)
      return promise
    }).catch(() => 'failed'),
  )
  expect(begun).toEqual([0, 1])
  ends[1]?.reject(new Error('unreadable'))
  expect(await done[1]).toBe('failed')
  expect(begun).toEqual([0, 1, 2])
  for (const [at, { resolve }] of ends.entries()) resolve(at)
  expect(await Promise.all(done)).toEqual([0, 'failed', 2, 3, 4])
  expect(begun).toEqual([0, 1, 2, 3, 4])
  expect(await Promise.all([5, 6].map((at) => inTurn(async () => at)))).toEqual([5, 6])
})
