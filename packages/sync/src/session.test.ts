/** A session against somebody who passed the handshake and means it ill (M2, M3, T16). */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fill } from '../test/handshake-kit.ts'
import { all, createWorld, openPair, openVictim, take } from '../test/session-kit.ts'
import { encodeFrame } from './frame.ts'
import { maxFrameBytes, maxHeaderBytes } from './limits.ts'
import type { Message } from './messages.ts'

const call = (id: number): Message => ({ type: 'getheads', id, count: 0 })

describe('[M3] a malformed frame ends the session with a code', () => {
  test.each<[string, Uint8Array | string, string]>([
    ['no newline', '{"type":"ping","id":1}', 'bad-frame'],
    ['no JSON', 'ping\n', 'bad-frame'],
    ['type is not first', '{"id":1,"type":"ping"}\n', 'bad-frame'],
    ['white space', '{"type": "ping","id":1}\n', 'bad-frame'],
    ['a field twice', '{"type":"ping","id":1,"id":1}\n', 'bad-frame'],
    ['an unsafe number', '{"type":"ping","id":9007199254740993}\n', 'bad-frame'],
    ['nothing', '', 'bad-frame'],
    ['a header over 64 KiB', fill(0x20, maxHeaderBytes + 1), 'too-large'],
    ['a frame over 1 MiB', fill(0x20, maxFrameBytes + 1), 'too-large'],
    ['a field of the wrong kind', '{"type":"ping","id":"1"}\n', 'bad-message'],
    ['an unknown field', '{"type":"ping","id":1,"x":1}\n', 'bad-message'],
    ['a missing field', '{"type":"ping"}\n', 'bad-message'],
    ['an id of zero', '{"type":"ping","id":0}\n', 'bad-message'],
    ['bytes where there are none', '{"type":"ping","id":1}\nx', 'bad-message'],
    ['fewer bytes than announced', '{"type":"getheads","id":1,"count":1}\nx', 'bad-message'],
    ['1,001 ids', '{"type":"getheads","id":1,"count":1001}\n', 'bad-message'],
    ['a second handshake', '{"type":"sessioncommit","hash":"x"}\n', 'unknown-type'],
  ])('%s', async (_name, frame, code) => {
    const { victim, hostile } = await openVictim()
    if (typeof frame === 'string') hostile.sendText(frame)
    else hostile.send(frame)
    const answer = await hostile.next()
    if (code === 'unknown-type') {
      expect(answer?.header).toEqual({ type: 'error', re: null, code, retry: null })
      return
    }
    expect(answer?.header).toEqual({ type: 'bye', code })
    expect(await hostile.next()).toBe(null)
    expect(await victim.closed).toEqual({ code, local: true })
    expect(await all(victim)).toEqual([])
  })

  test('an unknown type is an error, and the session lives', async () => {
    const { victim, hostile } = await openVictim()
    hostile.sendText('{"type":"teleport","id":7,"where":"home"}\nbytes')
    expect((await hostile.next())?.header).toEqual({
      type: 'error',
      re: 7,
      code: 'unknown-type',
      retry: null,
    })
    hostile.send(encodeFrame(call(1)))
    expect((await take(victim, 1)).length).toBe(1)
  })

  test('names that every object has are unknown types too', async () => {
    const { hostile } = await openVictim()
    for (const type of ['constructor', 'toString', 'hasOwnProperty']) {
      hostile.sendText(`{"type":"${type}"}\n`)
      expect((await hostile.next())?.header.code).toBe('unknown-type')
    }
  })
})

describe('[A7] sealed frames', () => {
  test.each(['altered', 'repeated', 'unsealed', 'empty', 'short'])('%s: the session ends', async (how) => {
    const { victim, hostile } = await openVictim()
    const sent: Uint8Array[] = []
    const { link } = hostile
    const frame = encodeFrame(call(1))
    if (how === 'unsealed') link.send(frame)
    else if (how === 'empty') link.send(fill(0, 0))
    else if (how === 'short') link.send(fill(0, 15))
    else {
      // What seals also sends: catch it on its way.
      const send = link.send
      Object.assign(link, { send: (sealed: Uint8Array) => void sent.push(sealed) })
      hostile.send(frame)
      Object.assign(link, { send })
      const sealed = sent[0]!
      link.send(sealed.slice())
      if (how === 'altered') link.send(sealed.map((byte, at) => (at === 3 ? byte ^ 1 : byte)))
      else link.send(sealed.slice())
    }
    const ending = await hostile.next()
    expect(ending?.header).toEqual({ type: 'bye', code: 'bad-seal' })
    expect((await victim.closed).code).toBe('bad-seal')
  })

  test('a frame left out ends it too', async () => {
    const { victim, hostile } = await openVictim()
    const { link } = hostile
    const send = link.send
    Object.assign(link, { send: () => {} })
    hostile.send(encodeFrame(call(1)))
    Object.assign(link, { send })
    hostile.send(encodeFrame(call(2)))
    expect((await hostile.next())?.header).toEqual({ type: 'bye', code: 'bad-seal' })
    expect(await victim.closed).toEqual({ code: 'bad-seal', local: true })
  })
})

describe('[M2] requests', () => {
  test('a ping is answered by the session itself', async () => {
    const { hostile } = await openVictim()
    hostile.send(encodeFrame({ type: 'ping', id: 3 }))
    expect((await hostile.next())?.header).toEqual({ type: 'pong', re: 3, end: true })
  })

  test('the same id twice while open ends the session', async () => {
    const { victim, hostile } = await openVictim()
    hostile.send(encodeFrame(call(1)))
    hostile.send(encodeFrame(call(1)))
    expect((await hostile.next())?.header).toEqual({ type: 'bye', code: 'bad-message' })
    expect(await victim.closed).toEqual({ code: 'bad-message', local: true })
  })

  test.each<[string, Message]>([
    ['a last answer', { type: 'lastknownheads', re: 1, end: true, count: 0 }],
    ['an error', { type: 'error', re: 1, code: 'not-found', retry: null }],
  ])('%s frees the id', async (_name, answer) => {
    const { victim, hostile } = await openVictim()
    hostile.send(encodeFrame(call(1)))
    await take(victim, 1)
    victim.send(answer)
    hostile.send(encodeFrame(call(1)))
    expect((await take(victim, 1)).length).toBe(1)
  })

  test('so does a cancel; an answer that is not the last does not', async () => {
    const { victim, hostile } = await openVictim()
    hostile.send(encodeFrame(call(1)))
    hostile.send(encodeFrame({ type: 'cancel', id: 1 }))
    hostile.send(encodeFrame(call(1)))
    expect((await take(victim, 3)).map(({ message }) => message.type)).toEqual([
      'getheads',
      'cancel',
      'getheads',
    ])
    victim.send({ type: 'lastknownheads', re: 1, end: false, count: 0 })
    hostile.send(encodeFrame(call(1)))
    expect((await hostile.next())?.header.type).toBe('lastknownheads')
    expect((await hostile.next())?.header).toEqual({ type: 'bye', code: 'bad-message' })
    expect((await victim.closed).code).toBe('bad-message')
  })

  test('[T16] one request above the bound is answered busy, and not seen', async () => {
    const { victim, hostile } = await openVictim({ pendingRequests: 2 })
    for (const id of [1, 2, 3]) hostile.send(encodeFrame(call(id)))
    expect((await hostile.next())?.header).toEqual({ type: 'error', re: 3, code: 'busy', retry: 1000 })
    expect((await take(victim, 2)).length).toBe(2)
    victim.send({ type: 'lastknownheads', re: 1, end: true, count: 0 })
    await hostile.next()
    hostile.send(encodeFrame(call(4)))
    expect((await take(victim, 1))[0]?.message).toMatchObject({ id: 4 })
  })
})

describe('[T16] limits', () => {
  test('outbound: what fits is kept, one frame more ends the session', async () => {
    const { victim, hostile } = await openVictim({ outboundBytes: 100_000 })
    const blob: Message = { type: 'blob', re: 1, end: false, size: 2 ** 30, offset: 0 }
    victim.send(blob, fill(1, 60_000))
    victim.send(blob, fill(1, 39_000))
    expect(victim.bufferedBytes()).toBeGreaterThan(99_000)
    expect(() => victim.send(blob, fill(1, 2_000))).toThrow(expect.objectContaining({ code: 'closed' }))
    expect(await victim.closed).toEqual({ code: 'outbound-full', local: true })
    expect(await hostile.link.closed).toEqual({ code: 'closed' })
  })

  test('stalledMs: a reader that never reads is given up; one that reads slowly is not', async () => {
    const limits = { pingAfterMs: Number.POSITIVE_INFINITY }
    const { victim, hostile, world } = await openVictim(limits)
    const blob: Message = { type: 'blob', re: 1, end: false, size: 2 ** 30, offset: 0 }
    victim.send(blob, fill(1, 1000))
    victim.send(blob, fill(1, 1000))
    await world.clock.advance(29_999)
    await hostile.next()
    await world.clock.advance(1)
    victim.send(blob, fill(1, 1000))
    await world.clock.advance(29_999)
    expect(victim.bufferedBytes()).toBeGreaterThan(0)
    await world.clock.advance(1)
    expect(await victim.closed).toEqual({ code: 'stalled', local: true })
  })

  test('inbound: above the bound the link is not read, until its messages are', async () => {
    const { victim, hostile } = await openVictim({ inboundMessages: 3 })
    for (let id = 1; id <= 20; id++) hostile.send(encodeFrame(call(id)))
    await expect.poll(() => hostile.link.bufferedBytes).toBeLessThan(20 * 60)
    const waiting = hostile.link.bufferedBytes
    expect(waiting).toBeGreaterThan(10 * 40)
    expect((await take(victim, 20)).length).toBe(20)
  })

  test('inbound: bytes count as well', async () => {
    const { victim, hostile } = await openVictim({ inboundBytes: 100_000 })
    const blob: Message = { type: 'blob', re: 1, end: false, size: 2 ** 30, offset: 0 }
    for (let count = 0; count < 10; count++) hostile.send(encodeFrame(blob, fill(1, 60_000)))
    await expect.poll(() => hostile.link.bufferedBytes).toBeLessThan(9 * 60_000)
    expect(hostile.link.bufferedBytes).toBeGreaterThan(7 * 60_000)
    expect((await take(victim, 10)).length).toBe(10)
  })

  test('rate: above burst and average the link is read later', async () => {
    const limits = { framesPerSecond: 10, frameBurst: 5, pingAfterMs: Number.POSITIVE_INFINITY }
    const { victim, hostile, world } = await openVictim(limits)
    for (let id = 1; id <= 25; id++) hostile.send(encodeFrame(call(id)))
    let count = 0
    const reading = (async () => {
      for await (const _ of victim.receive()) count++
    })()
    await world.clock.advance(0)
    expect(count).toBeLessThanOrEqual(6)
    await world.clock.advance(1_000)
    expect(count).toBeGreaterThanOrEqual(15)
    expect(count).toBeLessThanOrEqual(17)
    await world.clock.advance(1_000)
    expect(count).toBe(25)
    hostile.link.close()
    await reading
  })

  test('[T16] rate: a long list counts as its names, not as one frame', async () => {
    const limits = { framesPerSecond: 100, frameBurst: 101, pingAfterMs: Number.POSITIVE_INFINITY }
    const { victim, hostile, world } = await openVictim(limits)
    const list: Message = { type: 'getheads', id: 1, count: 1000 }
    for (let id = 1; id <= 5; id++) hostile.send(encodeFrame({ ...list, id }, fill(id, 32_000)))
    let count = 0
    const reading = (async () => {
      for await (const _ of victim.receive()) count++
    })()
    // Each of them is a turn's work.
    await world.clock.advance(0)
    expect(count).toBe(1)
    await world.clock.advance(0)
    expect(count).toBe(2)
    await world.clock.advance(0)
    expect(count).toBe(2)
    await world.clock.advance(1_011)
    expect(count).toBe(3)
    await world.clock.advance(2_020)
    expect(count).toBe(5)
    hostile.link.close()
    await world.clock.advance(10_000)
    await reading
  })

  test('[T16] rate: bytes have an average of their own', async () => {
    const limits = { bytesPerSecond: 100_000, byteBurst: 100_000, pingAfterMs: Number.POSITIVE_INFINITY }
    const { victim, hostile, world } = await openVictim(limits)
    const blob: Message = { type: 'blob', re: 1, end: false, size: 2 ** 30, offset: 0 }
    for (let sent = 0; sent < 6; sent++) hostile.send(encodeFrame(blob, fill(1, 60_000)))
    let count = 0
    const reading = (async () => {
      for await (const _ of victim.receive()) count++
    })()
    await world.clock.advance(0)
    expect(count).toBe(2)
    await world.clock.advance(1_000)
    expect(count).toBe(4)
    hostile.link.close()
    await world.clock.advance(10_000)
    await reading
  })

  test('a full inbox does not look like silence', async () => {
    const { victim, hostile, world } = await openVictim({ inboundMessages: 1 })
    for (let id = 1; id <= 5; id++) hostile.send(encodeFrame(call(id)))
    await world.clock.advance(200_000)
    expect((await take(victim, 5)).length).toBe(5)
  })

  test('a full inbox still sees the link go', async () => {
    const { victim, hostile } = await openVictim({ inboundMessages: 1 })
    for (let id = 1; id <= 5; id++) hostile.send(encodeFrame(call(id)))
    hostile.link.close()
    expect(await victim.closed).toEqual({ code: 'cut', local: false })
    expect((await all(victim)).length).toBe(5)
  })

  test('who does not read our bye is cut after a while', async () => {
    const { victim, world } = await openVictim({ closingMs: 500 })
    const ending = victim.end('done')
    await world.clock.advance(500)
    await ending
    expect(await world.links[0].closed).toEqual({ code: 'closed' })
    expect(world.clock.pending()).toBe(0)
  })
})

test('never throws and always ends properly, whatever is sealed and sent', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.uint8Array(), fc.json().map(bytesOf)), { maxLength: 5 }),
      async (frames) => {
        const { victim, hostile } = await openVictim()
        for (const frame of frames) hostile.send(frame)
        hostile.link.close()
        await all(victim)
        const { code } = await victim.closed
        expect(['cut', 'bad-frame', 'bad-message', 'too-large']).toContain(code)
      },
    ),
    { numRuns: 100 },
  )
})

test('a flood of requests that both sides answer ends nowhere but in answers', async () => {
  const [a, b] = await openPair(createWorld())
  const rounds = 500
  const serving = (async () => {
    for await (const { message } of b.receive()) {
      if (message.type === 'getheads') b.send({ type: 'lastknownheads', re: message.id, end: true, count: 0 })
    }
  })()
  for (let id = 1; id <= rounds; id++) a.send(call(id))
  const answers = await take(a, rounds)
  expect(answers.map(({ message }) => ('re' in message ? message.re : null))).toEqual(
    Array.from({ length: rounds }, (_, index) => index + 1),
  )
  await a.end('done')
  await serving
})

const bytesOf = (json: string): Uint8Array => new TextEncoder().encode(`${json}\n`)
