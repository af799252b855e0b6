import { expect, test } from 'vitest'
import { rememberByKey, rememberPromiseByKey } from './key-table.ts'

const keyOf = (...first: readonly number[]) =>
  Uint8Array.from({ length: 32 }, (_, index) => first[index] ?? 0)

test('works an answer out once, and keeps its own copy of the key', () => {
  let runs = 0
  const look = rememberByKey((key) => {
    runs++
    return key.join()
  })
  const key = keyOf(1, 2, 3)
  const answer = look(key)
  expect(look(keyOf(1, 2, 3))).toBe(answer)
  expect(runs).toBe(1)
  key[5] = 9
  expect(look(key)).toBe(key.join())
  expect(look(keyOf(1, 2, 3))).toBe(answer)
})

test('[T2] a key in a Buffer is copied: what is written there later never gets its answer', () => {
  const look = rememberByKey((key) => key.join())
  const pooled = Buffer.from(keyOf(4, 4))
  const answer = look(pooled)
  pooled[31] = 1
  expect(look(Uint8Array.from(pooled))).not.toBe(answer)
  expect(look(keyOf(4, 4))).toBe(answer)
})

test('keys that share a slot never get each other’s answer', () => {
  const look = rememberByKey((key) => key[31])
  const one = keyOf(7, 7)
  const two = keyOf(7, 7).with(31, 1)
  for (let round = 0; round < 3; round++) {
    expect(look(one)).toBe(0)
    expect(look(two)).toBe(1)
  }
})

test('what failed is not remembered: the next one tries again, and success is kept', async () => {
  let runs = 0
  const look = rememberPromiseByKey(async (key) => {
    if (++runs < 3) throw new Error('not now')
    return key[0]
  })
  const key = keyOf(5)
  const together = await Promise.allSettled([look(key), look(key)])
  expect([runs, ...together.map(({ status }) => status)]).toEqual([1, 'rejected', 'rejected'])
  await expect(look(key)).rejects.toThrow('not now')
  expect(await look(key)).toBe(5)
  expect(await look(key)).toBe(5)
  expect(runs).toBe(3)
})
