/** What a session keeps of a flood (T16). */
import { expect, test } from 'vitest'
import { createWorld, open, openVictim } from '../test/session-kit.ts'
import { encodeFrame } from './frame.ts'
import type { Link } from './link.ts'

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
