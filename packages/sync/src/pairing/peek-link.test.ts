/** An acceptor that takes pairings and other sessions on one address (L8). */
import { memoryPair } from '@effigy/links'
import { createFakeClock } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { bobIdentity, fill } from '../../test/handshake-kit.ts'
import { createPairingWorld, readCode, until } from '../../test/pairing-kit.ts'
import { createWorld, open } from '../../test/session-kit.ts'
import { maxHandshakeFrameBytes } from '../limits.ts'
import { peekLink } from './peek-link.ts'

const patienceMs = 10_000

describe('[L8] by its first frame', () => {
  test('somebody begins to pair', async () => {
    const { clock, laptop, phone } = await createPairingWorld()
    const shown = laptop.pairing.show({ places: [] })
    const read = readCode(phone, shown.text)
    const [left, right] = memoryPair()
    const dialled = read.try(left, 'dialler')
    const peeked = await peekLink(right, { clock, patienceMs })
    if (peeked === null) throw new Error('nothing came')
    expect(peeked.isPairing).toBe(true)
    expect(await shown.try(peeked.link, 'acceptor')).toEqual({ ok: true, value: null })
    expect(await dialled).toEqual({ ok: true, value: null })
    await until(shown, 'comparing')
  })

  test('an ordinary session goes on as if nobody had looked', async () => {
    const world = createWorld()
    const opening = open(world, 'dialler')
    const peeked = await peekLink(world.links[1], { clock: world.clock, patienceMs })
    if (peeked === null) throw new Error('nothing came')
    expect(peeked.isPairing).toBe(false)
    const accepted = await open({ ...world, links: [world.links[0], peeked.link] }, 'acceptor')
    const dialled = await opening
    expect(dialled.remote).toBe(bobIdentity)
    dialled.send({ type: 'getheads', id: 1, count: 0 })
    const { value } = await accepted.receive()[Symbol.asyncIterator]().next()
    expect(value?.message).toEqual({ type: 'getheads', id: 1, count: 0 })
  })

  test('it says of the link whether it is read', async () => {
    const [left, right] = memoryPair()
    left.send(fill(0x20, 10))
    let isRead = true
    const waiting = Object.defineProperty(right, 'isRead', { get: () => isRead })
    const peeked = await peekLink(waiting, { clock: createFakeClock(), patienceMs })
    expect(peeked?.link.isRead).toBe(true)
    isRead = false
    expect(peeked?.link.isRead).toBe(false)
  })

  test.each([
    ['nothing', fill(0, 0)],
    ['random bytes', fill(200, 100)],
    ['more than a handshake has', fill(0x20, maxHandshakeFrameBytes + 1)],
  ])('%s is no pairing', async (_name, frame) => {
    const [left, right] = memoryPair()
    left.send(frame)
    expect((await peekLink(right, { clock: createFakeClock(), patienceMs }))?.isPairing).toBe(false)
  })

  test('[T16] who says nothing is waited for as long as a handshake, who leaves no longer', async () => {
    const clock = createFakeClock()
    const [, right] = memoryPair()
    const silent = peekLink(right, { clock, patienceMs })
    await clock.advance(patienceMs)
    expect(await silent).toBeNull()
    const [left, other] = memoryPair()
    const gone = peekLink(other, { clock, patienceMs })
    left.close()
    expect(await gone).toBeNull()
    expect(clock.pending()).toBe(0)
  })
})
