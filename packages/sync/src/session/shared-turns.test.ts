/** Turns are those of the whole program: each test waits until whatever was before it is over. */
import { beforeEach, expect, test } from 'vitest'
import {
  inFreeTurn,
  inSharedTurn,
  mostTaken,
  mostWaited,
  restOfTurn,
  takesInTurn,
  turnOfLoop,
} from './shared-turns.ts'
import { nextTurn } from './turns.ts'

/** Of nobody: it stands still, and no work takes time. */
const still = { monotonic: () => 0 }

beforeEach(async () => {
  for (let turn = 0; turn < 3; turn++) await nextTurn()
})

test('[T16] of those who wait for a turn as many have the next one as their frames weigh, in their order', async () => {
  const seen: number[] = []
  const weight = mostWaited / 4
  const all = Array.from({ length: 9 }, (_, index) => index)
  for (const index of all) {
    inSharedTurn({
      goOn() {
        seen.push(index)
        takesInTurn(weight)
      },
    })
  }
  for (const turns of [1, 2, 3]) {
    await nextTurn()
    expect(seen).toEqual(all.slice(0, turns * 4))
  }
})

test('[T16] of those who wait with long lists one has a turn; those with nothing hold up nobody', async () => {
  const seen: string[] = []
  const waits = (name: string, weight: number): void =>
    inSharedTurn({
      goOn() {
        seen.push(name)
        takesInTurn(weight)
      },
    })
  for (let count = 0; count < 100; count++) waits('nothing', 0)
  waits('list', 101)
  waits('other list', 101)
  await nextTurn()
  expect(seen.slice(99)).toEqual(['nothing', 'list'])
  await nextTurn()
  expect(seen.slice(101)).toEqual(['other list'])
})

test('[T16] whoever waits again in its turn stands behind the others', async () => {
  const seen: string[] = []
  const again = {
    goOn() {
      seen.push('again')
      if (seen.length < 3) inSharedTurn(again)
    },
  }
  inSharedTurn(again)
  inSharedTurn({ goOn: () => void seen.push('other') })
  await nextTurn()
  expect(seen).toEqual(['again', 'other'])
  await nextTurn()
  expect(seen).toEqual(['again', 'other', 'again'])
})

test('[T16] a turn that has room is free until it has none', async () => {
  let count = 0
  const one = {
    goOn() {
      count++
      turnOfLoop(0)
      takesInTurn(mostWaited / 4)
    },
  }
  for (let index = 0; index <= 4; index++) inFreeTurn(one)
  expect(count).toBe(4)
  await nextTurn()
  expect(count).toBe(5)
})

test('[T16] a turn has room for so many frames, whoever they are from', async () => {
  turnOfLoop(0)
  for (let weight = 1; weight < mostTaken; weight++) expect(takesInTurn(1)).toBe(true)
  expect([takesInTurn(1), takesInTurn(1)]).toEqual([false, false])
  await nextTurn()
  expect(takesInTurn(1)).toBe(true)
})

test('[T16] a turn has one number, however much happens in it', async () => {
  const first = turnOfLoop(0)
  for (let count = 0; count < 100; count++) await Promise.resolve()
  expect(turnOfLoop(0)).toBe(first)
  await nextTurn()
  expect(turnOfLoop(0)).not.toBe(first)
})

test('[T16] while the turn is young nobody rests', () => {
  for (let count = 0; count < 1_000; count++) expect(restOfTurn(still)).toBeNull()
})

test('[T16] long work of ten sessions has a turn each, in their order; that of one has every turn', async () => {
  let nowMs = 0
  const clock = { monotonic: () => nowMs }
  const seen: number[] = []
  async function work(number: number, times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      seen.push(number)
      nowMs += 10
      await restOfTurn(clock)
    }
  }
  const all = Array.from({ length: 10 }, (_, index) => index)
  turnOfLoop(0)
  const working = all.map((number) => work(number, 3))
  // Nobody knew of the others' before.
  expect(seen).toEqual(all)
  for (let turn = 1; turn <= 20; turn++) {
    await nextTurn()
    expect(seen).toEqual([...all, ...all, ...all].slice(0, 10 + turn))
  }
  await Promise.all(working)
  seen.length = 0
  const alone = work(0, 5)
  for (let turn = 1; turn <= 4; turn++) {
    await nextTurn()
    expect(seen.length).toBe(1 + turn)
  }
  await alone
})

test('[T16] of those who have nothing more to do as many go on in a turn as it has time for', async () => {
  let nowMs = 0
  const clock = { monotonic: () => nowMs }
  turnOfLoop(0)
  nowMs = 10
  let done = 0
  for (let count = 0; count < 25; count++) {
    void restOfTurn(clock)?.then(() => {
      done++
      nowMs++
    })
  }
  await nextTurn()
  expect(done).toBe(10)
  await nextTurn()
  expect(done).toBe(20)
  await nextTurn()
  expect(done).toBe(25)
})
