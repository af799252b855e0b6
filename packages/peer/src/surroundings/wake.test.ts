import { EffigyError } from '@effigy/core'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createWake, type WakePorts, type WokenPeer } from './wake.ts'

const log = { info() {}, warn() {} }

/** A peer that is settled after so long. */
function world({ settlesMs = 1_000, sessions = 1, limitMs = 25_000 } = {}) {
  const clock = createFakeClock()
  const done = { opened: 0, closed: 0, hurried: 0 }
  const peer: WokenPeer = {
    settled: (signal) =>
      new Promise((resolve, reject) => {
        clock.after(settlesMs, () => resolve({ sessions: Array.from({ length: sessions }) }))
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
    surroundings: { catchUp: () => void done.hurried++ },
  }
  const wake = (ports: Partial<WakePorts> = {}) =>
    createWake({
      ...{ clock, log, limitMs, running: () => null },
      async open() {
        done.opened++
        return { ...peer, [Symbol.asyncDispose]: async () => void done.closed++ }
      },
      ...ports,
    })
  return { clock, done, peer, wake }
}

test('[R46] opens a peer, catches up, closes it', async () => {
  const { clock, done, wake } = world()
  const visit = wake().wake()
  await clock.advance(1_000)
  expect(await visit).toEqual({ type: 'settled' })
  expect(done).toEqual({ opened: 1, closed: 1, hurried: 0 })
  expect(clock.pending()).toBe(0)
})

test('[R46] one that runs is asked, and left running', async () => {
  const { clock, done, peer, wake } = world()
  const visit = wake({ running: () => peer }).wake()
  await clock.advance(1_000)
  expect(await visit).toEqual({ type: 'settled' })
  expect(done).toEqual({ opened: 0, closed: 0, hurried: 1 })
})

test('[R46] [T16] ends in time, and closes what it opened', async () => {
  const { clock, done, wake } = world({ settlesMs: 60_000, limitMs: 5_000 })
  const visit = wake().wake()
  await clock.advance(5_000)
  expect(await visit).toEqual({ type: 'late' })
  expect(done).toMatchObject({ opened: 1, closed: 1 })
})

test('[R46] whoever asks meanwhile is told the same; the next one makes a visit of its own', async () => {
  const { clock, done, wake } = world()
  const waker = wake()
  const [one, other] = [waker.wake(), waker.wake()]
  await clock.advance(1_000)
  expect(await Promise.all([one, other])).toEqual([{ type: 'settled' }, { type: 'settled' }])
  expect(done.opened).toBe(1)
  const next = waker.wake()
  await clock.advance(1_000)
  await next
  expect(done.opened).toBe(2)
})

test('[R46] nobody reached, nothing to open, a store that does not open: each is told', async () => {
  const alone = world({ settlesMs: 0, sessions: 0 })
  const visit = alone.wake().wake()
  await alone.clock.advance(0)
  expect(await visit).toEqual({ type: 'alone' })
  const { wake } = world()
  expect(await wake({ open: null }).wake()).toEqual({ type: 'asleep' })
  const broken = () => Promise.reject(new EffigyError('storage-locked', 'Another window has it.'))
  expect(await wake({ open: broken }).wake()).toEqual({ type: 'failed', code: 'storage-locked' })
})
