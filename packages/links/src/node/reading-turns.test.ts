import { beforeEach, expect, test, vi } from 'vitest'
import type { Paused } from './reading-turns.ts'

/** Of the whole program: what tests of sockets left in it is not this one's. */
let turns: typeof import('./reading-turns.ts')
beforeEach(async () => {
  vi.resetModules()
  turns = await import('./reading-turns.ts')
})

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

test('[T16] the first reads at once, the others a turn after each other, and who is gone not at all', async () => {
  const { readAgain, readNoMore } = turns
  const seen: string[] = []
  const named = (name: string): Paused => ({ resume: () => void seen.push(name) })
  const [a, b, gone, c] = [named('a'), named('b'), named('gone'), named('c')] as const
  for (const socket of [a, b, gone, b, c]) readAgain(socket)
  readNoMore(gone)
  expect(seen).toEqual(['a'])
  await turn()
  expect(seen).toEqual(['a', 'b'])
  await turn()
  expect(seen).toEqual(['a', 'b', 'c'])
  await turn()
  readAgain(a)
  expect(seen).toEqual(['a', 'b', 'c', 'a'])
})
