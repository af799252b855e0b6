import { EffigyError, type SignatureCheck } from '@effigy/core'
import type { Store } from '@effigy/store'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { firstPauseMs, keepVerifying, longestPauseMs } from './keep-verifying.ts'

/** A store in which `waiting` entries wait; what is settled waits no more. */
function storeOf(waiting: number) {
  const bytes = new TextEncoder().encode(`{"v":1,"identity":"${'x'.repeat(56)}"}\n${'A'.repeat(86)}`)
  const settled: number[] = []
  const store = {
    unverified: (_limit: number, after = 0) =>
      after < waiting && !settled.includes(after + 1) ? [{ id: after + 1, bytes }] : [],
    unverifiedCount: () => waiting - settled.length,
    settle: (verdicts: readonly { readonly id: number }[]) => settled.push(...verdicts.map(({ id }) => id)),
    watch: () => ({ [Symbol.dispose]() {} }),
  }
  return { store: store as unknown as Store, settled }
}

function world(waiting: number, failures: number) {
  const clock = createFakeClock()
  const { store, settled } = storeOf(waiting)
  const logged: string[] = []
  const startedMs: number[] = []
  const log = { info() {}, warn: (event: string) => void logged.push(event) }
  let left = failures
  const verify = async (checks: readonly SignatureCheck[]) => {
    startedMs.push(clock.monotonic())
    if (left-- > 0) throw new EffigyError('verify-worker', 'a verify thread crashed')
    return checks.map(() => true)
  }
  return { clock, ports: { store, verify, clock, log }, settled, logged, startedMs }
}

test('[F8] after a thread crashed checking goes on by itself, after pauses that grow; logged once', async () => {
  const stop = new AbortController()
  const { clock, ports, settled, logged, startedMs } = world(1, 4)
  const running = keepVerifying(ports, stop.signal)
  await clock.advance(15 * firstPauseMs)
  expect(settled).toEqual([1])
  expect(startedMs).toEqual([0, 1, 3, 7, 15].map((pauses) => pauses * firstPauseMs))
  expect(logged).toEqual(['verify.stopped'])
  stop.abort()
  await running
  expect(clock.pending()).toBe(0)
})

test('a pause is never longer than its bound, and ends with the signal', async () => {
  const stop = new AbortController()
  const { clock, ports, settled, startedMs } = world(1, 1000)
  const running = keepVerifying(ports, stop.signal)
  await clock.advance(20 * longestPauseMs)
  const [last, before] = startedMs.toReversed()
  expect(last! - before!).toBe(longestPauseMs)
  expect(settled).toEqual([])
  stop.abort()
  await running
  expect(clock.pending()).toBe(0)
})
