/** What a session keeps of a flood (T16). */
import { expect, test } from 'vitest'
import { createWorld, open, openVictim } from '../test/session-kit.ts'
import { encodeFrame } from './frame.ts'
import type { Link } from './link.ts'
import { mostTaken, mostWaited } from './session/shared-turns.ts'
import { nextTurn } from './session/turns.ts'
import type { Session } from './session.ts'

test('[T16] rests forced by the other side leave nothing behind', async () => {
  const world = createWorld()
  const { clock } = world
  const after = clock.after.bind(clock)
  let cancelled = 0
  Object.assign(clock, {
    after(ms: number, run: () => void): Disposable {
      const timer = after(ms, run)
      return {
        [Symbol.dispose]() {
          cancelled++
          timer[Symbol.dispose]()
        },
      }
    },
  })
  const limits = { framesPerSecond: 10, frameBurst: 5, pingAfterMs: Number.POSITIVE_INFINITY }
  const { victim, hostile } = await openVictim(limits, world)
  for (let id = 1; id <= 100; id++) hostile.send(encodeFrame({ type: 'getheads', id, count: 0 }))
  // Between rests the session gives turns of the event loop to others, too.
  const pass = async (): Promise<void> => {
    for (let passedMs = 0; passedMs < 8_000; passedMs += 100) {
      await clock.advance(100)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await pass()
  const before = cancelled
  hostile.link.close()
  await pass()
  expect(await victim.closed).toEqual({ code: 'cut', local: false })
  expect(cancelled - before).toBeLessThan(5)
})

/** Until whatever else is under way in the loop is over. */
async function pause(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await nextTurn()
}

test('[T16] a turn has room for so many frames of all sessions together, and all of them come', async () => {
  const count = 40
  const taken = { frames: 0 }
  const sides = await Promise.all(
    Array.from({ length: count }, () => openVictim({ pingAfterMs: Number.POSITIVE_INFINITY })),
  )
  await pause()
  for (const { victim } of sides) void counts(victim, taken)
  for (let id = 1; id <= 15; id++) {
    for (const { hostile } of sides) hostile.send(encodeFrame({ type: 'getheads', id, count: 0 }))
  }
  // Before the next turn, in which those who wait go on.
  await nextTurn()
  expect(taken.frames).toBeGreaterThanOrEqual(mostTaken)
  // One more each, of those who had none yet.
  expect(taken.frames).toBeLessThanOrEqual(mostTaken + count)
  while (taken.frames < count * 15) {
    const before = taken.frames
    await nextTurn()
    expect(taken.frames).toBeGreaterThan(before)
    expect(taken.frames - before).toBeLessThanOrEqual(mostWaited + 15)
  }
})

test('[T16] a frame with a long list is a turn of its own', async () => {
  const taken = { frames: 0 }
  const { victim, hostile } = await openVictim({ pingAfterMs: Number.POSITIVE_INFINITY })
  await pause()
  void counts(victim, taken)
  const list = new Uint8Array(1_000 * 32)
  for (let id = 1; id <= 5; id++) hostile.send(encodeFrame({ type: 'getheads', id, count: 1_000 }, list))
  for (let turn = 1; turn <= 5; turn++) {
    await nextTurn()
    expect(taken.frames).toBe(turn)
  }
})

async function counts(victim: Session, taken: { frames: number }): Promise<void> {
  for await (const _ of victim.receive()) taken.frames++
}

test('[T16] a link is confined for the handshake and no longer', async () => {
  const world = createWorld()
  const calls: boolean[] = []
  const [left, right] = world.links
  const confined: Link = Object.create(right, { confine: { value: (is: boolean) => calls.push(is) } })
  const accepting = open({ ...world, links: [left, confined] }, 'acceptor')
  await expect.poll(() => calls).toEqual([true])
  await Promise.all([accepting, open(world, 'dialler')])
  expect(calls).toEqual([true, false])
})

test('[T16] a link stays confined when the handshake is refused', async () => {
  const world = createWorld()
  const calls: boolean[] = []
  const [left, right] = world.links
  const confined: Link = Object.create(right, { confine: { value: (is: boolean) => calls.push(is) } })
  left.send(Uint8Array.of(1))
  await expect(open({ ...world, links: [left, confined] }, 'acceptor')).rejects.toMatchObject({
    code: 'bad-frame',
  })
  expect(calls).toEqual([true])
})
