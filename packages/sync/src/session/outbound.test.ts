/** What never-reading sessions cost all together (T16). */
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { maxOutboundBytes } from '../limits.ts'
import { createOutboundBudget, type OutboundBudget, type OutboundShare } from './outbound.ts'

interface Fake {
  readonly share: OutboundShare
  bytes: number
  isCut: boolean
  send(bytes: number): void
}

function open(budget: OutboundBudget): Fake {
  const fake: Fake = {
    bytes: 0,
    isCut: false,
    share: budget.open({
      bufferedBytes: () => fake.bytes,
      cut() {
        fake.isCut = true
        fake.bytes = 0
      },
    }),
    send(bytes) {
      const before = fake.bytes
      fake.bytes += bytes
      fake.share.sent(before)
    },
  }
  return fake
}

const mebibyte = 2 ** 20

test('[T16] alone a session may queue a mebibyte, among many that do not read a small part', () => {
  const budget = createOutboundBudget(16 * mebibyte, createFakeClock())
  expect(open(budget).share.highWaterBytes()).toBe(mebibyte)
  const readers = Array.from({ length: 500 }, () => open(budget))
  for (let round = 0; round < 50; round++) {
    for (const reader of readers) if (reader.bytes < reader.share.highWaterBytes()) reader.send(16_384)
  }
  const total = readers.reduce((sum, { bytes }) => sum + bytes, 0)
  expect(readers.every(({ isCut }) => !isCut)).toBe(true)
  expect(total).toBeLessThan(16 * mebibyte)
  expect(open(budget).share.highWaterBytes()).toBeGreaterThan(0)
})

test('[T16] at the budget nobody is cut; above it whoever has been waiting longest', async () => {
  const clock = createFakeClock()
  const budget = createOutboundBudget(1_000, clock)
  const [slow, quick, late] = [open(budget), open(budget), open(budget)]
  slow.send(400)
  await clock.advance(10)
  quick.send(300)
  quick.bytes = 0
  await clock.advance(10)
  quick.send(300)
  late.send(300)
  expect([slow, quick, late].map(({ isCut }) => isCut)).toEqual([false, false, false])
  late.send(1)
  late.send(100)
  expect([slow, quick, late].map(({ isCut }) => isCut)).toEqual([true, false, false])
})

test('[T16] all sessions of a peer together: maxOutboundBytes, and one more', () => {
  const budget = createOutboundBudget(maxOutboundBytes, createFakeClock())
  const [first, second] = [open(budget), open(budget)]
  first.send(maxOutboundBytes / 2)
  second.send(maxOutboundBytes / 2)
  expect([first, second].map(({ isCut }) => isCut)).toEqual([false, false])
  // Looked at after a part of the budget.
  const third = open(budget)
  third.send(maxOutboundBytes / 8)
  expect([first, second, third].map(({ isCut }) => isCut)).toEqual([true, false, false])
})

test('[T16] what has left, and who has gone, is no longer counted', () => {
  const budget = createOutboundBudget(1_000, createFakeClock())
  const gone = open(budget)
  gone.send(900)
  gone.share[Symbol.dispose]()
  gone.send(900)
  const reader = open(budget)
  for (let round = 0; round < 1_000; round++) {
    reader.send(900)
    reader.bytes = 0
  }
  expect(reader.isCut).toBe(false)
  expect(gone.isCut).toBe(false)
})
