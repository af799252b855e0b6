/** Limits of sessions, each where it holds and one above, that no other test has (T16, docs/limits.md). */
import { memoryPair } from '@effigy/links'
import { expect, test } from 'vitest'
import { createWorld, open, openPair, openVictim, take } from '../test/session-kit.ts'
import { decodeFrame, encodeFrame } from './frame.ts'
import { defaultSessionLimits, maxHandshakeFrameBytes, maxRelayedFrameBytes } from './limits.ts'
import type { Link } from './link.ts'
import type { Message } from './messages.ts'

const asRelay = (link: Link): Link => Object.create(link, { kind: { value: 'relay' } })

test('[T16] [M1] a frame inside a relay: at the limit and one byte above', async () => {
  const [left, right] = memoryPair()
  const [a, b] = await openPair(createWorld([asRelay(left), asRelay(right)]))
  const header: Message = { type: 'blob', re: 1, end: true, size: maxRelayedFrameBytes, offset: 0 }
  const room = maxRelayedFrameBytes - encodeFrame(header).length
  a.send(header, new Uint8Array(room))
  expect((await take(b, 1))[0]?.bytes.length).toBe(room)
  expect(() => a.send(header, new Uint8Array(room + 1))).toThrow(RangeError)
})

test('[T16] [M1] a frame of the handshake: at the limit and one byte above', async () => {
  const frameOf = (length: number) => {
    const empty = encodeFrame({ type: 'bye', code: 'x' }).length
    return encodeFrame({ type: 'bye', code: 'x' }, new Uint8Array(length - empty))
  }
  expect(decodeFrame(frameOf(maxHandshakeFrameBytes), maxHandshakeFrameBytes).ok).toBe(true)
  const above = decodeFrame(frameOf(maxHandshakeFrameBytes + 1), maxHandshakeFrameBytes)
  expect(above).toEqual({ ok: false, error: { code: 'too-large' } })
  const world = createWorld()
  const refused = expect(open(world, 'acceptor')).rejects.toMatchObject({ code: 'bad-frame' })
  world.links[0].send(frameOf(maxHandshakeFrameBytes + 1))
  await refused
})

test('[T16] silence, a ping and silence: gone at the last ms, not before', async () => {
  const { pingAfterMs, pongMs } = defaultSessionLimits
  const { victim, world } = await openVictim()
  let isOver = false
  void victim.closed.then(() => {
    isOver = true
  })
  await world.clock.advance(pingAfterMs + pongMs - 1)
  expect(isOver).toBe(false)
  await world.clock.advance(1)
  expect(await victim.closed).toEqual({ code: 'timeout', local: true })
})

test('[T16] whose link is not read now is not taken for silent, and is asked once it is read again', async () => {
  const { pingAfterMs, pongMs } = defaultSessionLimits
  const world = createWorld()
  let isRead = true
  Object.defineProperty(world.links[1], 'isRead', { get: () => isRead })
  const { victim } = await openVictim({}, world)
  let isOver = false
  void victim.closed.then(() => {
    isOver = true
  })
  await world.clock.advance(pingAfterMs - 1)
  isRead = false
  await world.clock.advance(10 * (pingAfterMs + pongMs))
  expect(isOver).toBe(false)
  isRead = true
  await world.clock.advance(2 * pingAfterMs + pongMs)
  expect(await victim.closed).toEqual({ code: 'timeout', local: true })
})

test('[R41] [T16] while one side rests silence may last longer, and not a moment longer than that', async () => {
  const { pingAfterMs, pongMs, restingPingAfterMs } = defaultSessionLimits
  const { victim, world } = await openVictim()
  let isOver = false
  void victim.closed.then(() => {
    isOver = true
  })
  await world.clock.advance(pingAfterMs - 1)
  victim.rest(true)
  await world.clock.advance(restingPingAfterMs - pingAfterMs + pongMs)
  expect(isOver).toBe(false)
  await world.clock.advance(1)
  expect(await victim.closed).toEqual({ code: 'timeout', local: true })
})

test('[R41] who rests no more is asked at once whether it is there', async () => {
  const { pongMs, pingAfterMs } = defaultSessionLimits
  const { victim, world } = await openVictim()
  victim.rest(true)
  await world.clock.advance(pingAfterMs + 1_000)
  victim.rest(false)
  await world.clock.advance(pongMs)
  expect(await victim.closed).toEqual({ code: 'timeout', local: true })
  victim.rest(true)
  expect(world.clock.pending()).toBe(0)
})

test('[A13] a session that is doubted, and silent, ends within doubtMs', async () => {
  const { doubtMs } = defaultSessionLimits
  const { victim, world } = await openVictim()
  await world.clock.advance(1)
  victim.doubt()
  await world.clock.advance(doubtMs - 1)
  // Once is enough: asking again grants no more time.
  victim.doubt()
  await world.clock.advance(1)
  expect(await victim.closed).toEqual({ code: 'timeout', local: true })
  victim.doubt()
  expect(world.clock.pending()).toBe(0)
})

test('[T16] who takes nothing is dropped with what waits for it, where the link can', async () => {
  const [left, right] = memoryPair()
  const calls: string[] = []
  const dropping: Link = Object.create(right, { drop: { value: () => calls.push('dropped') } })
  const { victim } = await openVictim({ outboundBytes: 10_000 }, createWorld([left, dropping]))
  const blob: Message = { type: 'blob', re: 1, end: false, size: 2 ** 30, offset: 0 }
  victim.send(blob, new Uint8Array(9_000))
  expect(() => victim.send(blob, new Uint8Array(9_000))).toThrow()
  expect(calls).toEqual(['dropped'])
})
