import type { Store } from '@effigy/store'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { type VerifyBehindPorts, verifyBehind } from './verify-behind.ts'

/** A store into which entries come; settling one tells its watchers too. */
function world() {
  const clock = createFakeClock()
  const listeners = new Set<(change: { readonly feeds: ReadonlySet<string> }) => void>()
  const waiting = new Map<number, { readonly id: number; readonly bytes: Uint8Array }>()
  const asked: { readonly count: number; readonly atMs: number; readonly states: number }[] = []
  let newest = 0
  let states = 0
  const startMs = clock.monotonic()
  const tell = (): void => {
    for (const listener of listeners) listener({ feeds: new Set(['feed']) })
  }
  const store = {
    unverified: (limit: number, after = 0) =>
      [...waiting.values()].filter(({ id }) => id > after).slice(0, limit),
    unverifiedCount: () => waiting.size,
    settle(verdicts: readonly { readonly id: number }[]) {
      for (const { id } of verdicts) waiting.delete(id)
      tell()
    },
    watch(listener: (change: { readonly feeds: ReadonlySet<string> }) => void) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
    synods: {
      unproven: () => (states > 0 ? [{ cid: 'state', checks: [] }] : []),
      settleProofs: () => states--,
    },
  }
  const ports: VerifyBehindPorts = {
    store: store as unknown as Store,
    verify: async () => [],
    async verifyEntries(entries) {
      asked.push({ count: entries.length, atMs: clock.monotonic() - startMs, states })
      return entries.map(() => true)
    },
    rests: true,
    clock,
  }
  return {
    ...{ clock, ports, asked, waiting },
    come(count: number) {
      for (let at = 0; at < count; at++) waiting.set(++newest, { id: newest, bytes: new Uint8Array(1) })
      tell()
    },
    comesState() {
      states++
      tell()
    },
    hasState: () => states > 0,
    /** With all that is due in the event loop. */
    async pass(ms: number) {
      await clock.advance(ms)
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

test('[F8] many signatures wait for a sync to pause, a few and those of states for nothing', async () => {
  const stop = new AbortController()
  const { clock, ports, asked, waiting, come, comesState, hasState, pass } = world()
  const running = verifyBehind(ports, stop.signal).catch(() => {})
  come(100)
  await pass(1)
  expect(waiting.size).toBe(0)
  for (let turn = 0; turn < 20; turn++) {
    come(1_000)
    comesState()
    await pass(200)
    expect(hasState()).toBe(false)
  }
  expect(asked).toHaveLength(1)
  await pass(300)
  expect(waiting.size).toBe(0)
  expect(asked.every(({ count }) => count <= 1_024)).toBe(true)
  stop.abort()
  await running
  expect(clock.pending()).toBe(0)
})

test('[F8] [T2] who never stops sending keeps no signature from being checked', async () => {
  const stop = new AbortController()
  const { ports, asked, waiting, come, pass } = world()
  const running = verifyBehind(ports, stop.signal).catch(() => {})
  for (let turn = 0; turn < 100; turn++) {
    come(600)
    await pass(200)
  }
  expect(asked[0]?.atMs).toBeGreaterThan(9_000)
  expect(asked[0]?.atMs).toBeLessThan(11_000)
  expect(waiting.size).toBeLessThan(1_200)
  stop.abort()
  await running
})

test('[F8] [S31] states that wait again and again keep no signature of an entry from being checked', async () => {
  const stop = new AbortController()
  const { ports, asked, waiting, come, comesState, hasState, pass } = world()
  for (let count = 0; count < 50; count++) comesState()
  come(100)
  const running = verifyBehind(ports, stop.signal).catch(() => {})
  await pass(1)
  expect(asked[0]?.states).toBe(49)
  expect([waiting.size, hasState()]).toEqual([0, false])
  stop.abort()
  await running
})
