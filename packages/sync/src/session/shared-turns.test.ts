import { expect, test } from 'vitest'
import { nextTurn } from '../replication/slices.ts'
import { inFreeTurn, inSharedTurn, mostInTurn, turnOfLoop } from './shared-turns.ts'

test('[T16] of those who wait for a turn so many have the next one, in their order', async () => {
  const seen: number[] = []
  const all = Array.from({ length: 2 * mostInTurn + 1 }, (_, index) => index)
  for (const index of all) inSharedTurn({ goOn: () => void seen.push(index) })
  for (const turns of [1, 2, 3]) {
    await nextTurn()
    expect(seen).toEqual(all.slice(0, turns * mostInTurn))
  }
})

test('[T16] a turn that has room is free until it has none', async () => {
  for (let turn = 0; turn < 2; turn++) await nextTurn()
  let count = 0
  const one = { goOn: () => void count++ }
  for (let index = 0; index <= mostInTurn; index++) inFreeTurn(one)
  expect(count).toBe(mostInTurn)
  await nextTurn()
  expect(count).toBe(mostInTurn + 1)
})

test('[T16] a turn has one number, however much happens in it', async () => {
  const first = turnOfLoop()
  for (let count = 0; count < 100; count++) await Promise.resolve()
  expect(turnOfLoop()).toBe(first)
  await nextTurn()
  expect(turnOfLoop()).not.toBe(first)
})
