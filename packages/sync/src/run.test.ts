import { compareIdentities, shortName } from '@effigy/core'
import { memoryPair } from '@effigy/links'
import { createNetwork, createRandom } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { bobIdentity, fill, testHead } from '../test/handshake-kit.ts'
import { all, createWorld, open, openPair, openVictim, take } from '../test/session-kit.ts'
import { encodeFrame } from './frame.ts'
import { defaultSessionLimits, maxFrameBytes, maxSessionMs } from './limits.ts'
import type { Link } from './link.ts'
import type { Message } from './messages.ts'
import { writeProvided } from './provided.ts'
import { sessionToKeep } from './session/duplicate.ts'
import type { Session } from './session.ts'

const never = new AbortController().signal
const call = (id: number): Message => ({ type: 'getheads', id, count: 0 })

describe('openSession', () => {
  test('both sides have the same session', async () => {
    const world = createWorld()
    const head = await testHead(2)
    const [a, b] = await Promise.all([open(world, 'dialler'), open(world, 'acceptor', { head: () => head })])
    expect(a.id).toEqual(b.id)
    expect(a.id.length).toBe(16)
    expect(a.exporter('emoji')).toEqual(b.exporter('emoji'))
    expect(a.exporter('emoji')).not.toEqual(a.exporter('want'))
    expect([a.remote, a.dialler, b.dialler]).toEqual([bobIdentity, b.remote, b.remote])
    expect([a.remoteHead, b.remoteHead]).toEqual([head, null])
    expect(a.exporter('emoji').length).toBe(32)
  })

  test('[A8] [T16] a silent other side: the handshake ends after handshakeMs, and not a ms before', async () => {
    const world = createWorld()
    const opening = open(world, 'acceptor')
    let isOver = false
    const refused = expect(opening).rejects.toMatchObject({ code: 'timeout' })
    opening.catch(() => {
      isOver = true
    })
    await world.clock.advance(defaultSessionLimits.handshakeMs - 1)
    expect(isOver).toBe(false)
    await world.clock.advance(1)
    await refused
    expect(await world.links[0].closed).toEqual({ code: 'closed' })
    expect(world.clock.pending()).toBe(0)
  })

  test('the other side closes: cut', async () => {
    const world = createWorld()
    const opening = open(world, 'acceptor')
    world.links[0].close()
    await expect(opening).rejects.toMatchObject({ code: 'cut' })
  })

  test('[A2] a refusal tells the other side nothing', async () => {
    const world = createWorld()
    const frames: Uint8Array[] = []
    const opening = open(world, 'acceptor')
    const refused = expect(opening).rejects.toMatchObject({ code: 'bad-frame' })
    world.links[0].send(fill(0x20, 100))
    for await (const frame of world.links[0].receive()) frames.push(frame)
    await refused
    expect(frames.length).toBe(1)
    expect(await world.links[0].closed).toEqual({ code: 'closed' })
    expect(world.logged).toEqual([
      { event: 'session.refused', fields: { link: 'memory', code: 'bad-frame' } },
    ])
  })

  test('aborting rejects with the reason and closes the link', async () => {
    const world = createWorld()
    const stop = new AbortController()
    const opening = open(world, 'dialler', { signal: stop.signal })
    stop.abort(new Error('no longer wanted'))
    await expect(opening).rejects.toThrow('no longer wanted')
    expect(await world.links[1].closed).toEqual({ code: 'closed' })
    await expect(open(createWorld(), 'dialler', { signal: stop.signal })).rejects.toThrow('no longer wanted')
  })

  test('[A9] pairing over a link', async () => {
    const world = createWorld()
    const pairingSecret = fill(4, 16)
    const [a, b] = await Promise.all([
      open(world, 'dialler', { pairingSecret }),
      open(world, 'acceptor', { pairingSecret }),
    ])
    expect(a.exporter('emoji')).toEqual(b.exporter('emoji'))
  })

  test('[A9] with another secret there is no session, at either side', async () => {
    const world = createWorld()
    const refused = [
      expect(open(world, 'dialler', { pairingSecret: fill(4, 16) })).rejects.toMatchObject({
        code: 'bad-seal',
      }),
      expect(open(world, 'acceptor', { pairingSecret: fill(5, 16) })).rejects.toMatchObject({ code: 'cut' }),
    ]
    await Promise.all(refused)
  })
})

describe('a session', () => {
  test('carries messages with their bytes, in order, both ways', async () => {
    const [a, b] = await openPair()
    a.send({ type: 'getheads', id: 1, count: 2 }, fill(7, 64))
    a.send({ type: 'watch', id: 2, count: 1, replace: true }, [fill(1, 16), fill(2, 16)])
    b.send({ type: 'provides' }, writeProvided({ services: ['blobs'], kind: 'hub', metered: false }))
    const [first, second] = await take(b, 2)
    expect(first).toEqual({ message: { type: 'getheads', id: 1, count: 2 }, bytes: fill(7, 64) })
    expect(second?.bytes).toEqual(new Uint8Array([...fill(1, 16), ...fill(2, 16)]))
    expect((await take(a, 1))[0]?.message.type).toBe('provides')
  })

  test('[A7] nothing readable is on the link after the handshake', async () => {
    const [left, right] = memoryPair()
    const seen: Uint8Array[] = []
    const tapped: Link = {
      ...left,
      send(frame) {
        seen.push(frame)
        left.send(frame)
      },
      bufferedBytes: 0,
    }
    const [a, b] = await openPair(createWorld([tapped, right]))
    a.send({ type: 'provides' }, writeProvided({ services: ['canary'], kind: 'peer', metered: false }))
    await take(b, 1)
    expect(seen.length).toBe(3)
    for (const frame of seen.slice(1))
      expect(new TextDecoder().decode(frame)).not.toMatch(/canary|provides|did:key/)
  })

  test('[T22] what fails under it is told by a code alone', async () => {
    const [left, right] = memoryPair()
    let isOpen = false
    const failing: Link = {
      ...left,
      async *receive() {
        for await (const frame of left.receive()) {
          if (isOpen) throw new Error('could not read "dear diary"')
          yield frame
        }
      },
    }
    const world = createWorld([failing, right])
    const [a, b] = await openPair(world)
    isOpen = true
    b.send({ type: 'ping', id: 1 })
    expect((await a.closed).code).toBe('internal')
    const { fields } = world.logged.find(({ event }) => event === 'session.failed') ?? {}
    expect(fields).toEqual({ peer: shortName(bobIdentity), code: 'internal' })
  })

  test('[M1] frames up to a megabyte; a larger one is the sender’s bug', async () => {
    const [a, b] = await openPair()
    const header: Message = { type: 'blob', re: 1, end: true, size: maxFrameBytes, offset: 0 }
    const room = maxFrameBytes - encodeFrame(header).length
    a.send(header, fill(9, room))
    const [received] = await take(b, 1)
    expect(received?.bytes.length).toBe(room)
    expect(() => a.send(header, fill(9, room + 1))).toThrow(RangeError)
  })

  test('[A10] a bye tells an end from a cut', async () => {
    const [a, b] = await openPair()
    a.send(call(1))
    await a.end('shutting-down')
    expect((await all(b)).length).toBe(1)
    expect(await a.closed).toEqual({ code: 'shutting-down', local: true })
    expect(await b.closed).toEqual({ code: 'shutting-down', local: false })

    const world = createWorld()
    const [c, d] = await openPair(world)
    c.send(call(1))
    await take(d, 1)
    world.links[0].close('shutting-down')
    expect(await all(d)).toEqual([])
    expect(await d.closed).toEqual({ code: 'cut', local: false })
    expect(await c.closed).toEqual({ code: 'cut', local: false })
  })

  test('after the end: sending throws, ending again waits, the own reader ends at once', async () => {
    const world = createWorld()
    const [a, b] = await openPair(world)
    b.send(call(1))
    const reading = all(a)
    await Promise.all([a.end('done'), a.end('again')])
    expect((await reading).length).toBeLessThanOrEqual(1)
    expect(() => a.send(call(1))).toThrow(expect.objectContaining({ code: 'closed' }))
    await a.drained(never)
    await b.closed
    expect(() => b.send(call(1))).toThrow(expect.objectContaining({ code: 'closed' }))
    expect(world.clock.pending()).toBe(0)
  })

  test('disposing says done', async () => {
    const [a, b] = await openPair()
    await a[Symbol.asyncDispose]()
    expect(await b.closed).toEqual({ code: 'done', local: false })
  })

  test('[A7] it ends itself after a day', async () => {
    const world = createWorld()
    const limits = { pingAfterMs: Number.POSITIVE_INFINITY }
    const [a, b] = await openPair(world, limits)
    await world.clock.advance(maxSessionMs - 1)
    await world.clock.advance(1)
    expect((await a.closed).code).toBe('renew')
    expect((await b.closed).code).toBe('renew')
  })

  test('silence is pinged, an answer keeps it open, none ends it', async () => {
    const world = createWorld()
    const [a, b] = await openPair(world)
    await world.clock.advance(10 * 60_000)
    a.send(call(1))
    expect((await take(b, 1)).length).toBe(1)

    const { victim, hostile, world: other } = await openVictim()
    await other.clock.advance(25_000)
    expect((await hostile.next())?.header.type).toBe('ping')
    await other.clock.advance(20_000)
    expect(await victim.closed).toEqual({ code: 'timeout', local: true })
  })

  test('logs events with short names and no content', async () => {
    const world = createWorld()
    const [a, b] = await openPair(world)
    await a.end('done')
    await b.closed
    const text = JSON.stringify(world.logged)
    expect(text).toContain('session.opened')
    expect(text).toContain('session.closed')
    expect(text).not.toContain('did:key')
  })

  test('runs over a slow network that cuts frames', async () => {
    const world = createWorld()
    const network = createNetwork({
      clock: world.clock,
      random: createRandom('session'),
      latencyMs: 40,
      bytesPerSecond: 1e6,
    })
    const binding = new TextEncoder().encode('memory')
    const bound = (link: Omit<Link, 'binding'>): Link => ({
      kind: link.kind,
      binding,
      send: link.send,
      get bufferedBytes() {
        return link.bufferedBytes
      },
      drained: link.drained,
      receive: link.receive,
      close: link.close,
      closed: link.closed,
    })
    const [left, right] = network.pair('a', 'b')
    const opening = openPair({ ...world, links: [bound(left), bound(right)] })
    let pair: readonly [Session, Session] | null = null
    void opening.then((opened) => {
      pair = opened
    })
    expect(await world.clock.runUntil(() => pair !== null, 5_000)).toBe(true)
    const [a, b] = await opening
    a.send({ type: 'blob', re: 1, end: true, size: 500_000, offset: 0 }, fill(1, 500_000))
    const taking = take(b, 1)
    await world.clock.advance(1_000)
    expect((await taking)[0]?.bytes.length).toBe(500_000)
    network.lose('a', 'b')
    expect((await a.closed).code).toBe('cut')
    expect((await b.closed).code).toBe('cut')
  })
})

test('[A11] the session dialled by the lesser identity stays, of two by one the newer', async () => {
  const [one, other] = [await openPair(), await openPair()]
  const [lesser, greater] = [one[0].dialler, one[0].remote]
    .sort(compareIdentities)
    .map((dialler) => ({ dialler, link: { kind: 'ws' } }))
  expect(sessionToKeep(lesser!, greater!)).toBe(lesser)
  expect(sessionToKeep(greater!, lesser!)).toBe(lesser)
  const [older, newer] = [one[0], other[0]]
  expect(sessionToKeep(older, newer)).toBe(newer)
})

test.for(['ws', 'webrtc', 'memory'])(
  '[A11] one that goes through no hub (%s) stays, whoever dialled which, and whichever came first',
  async (kind) => {
    const [one] = await openPair()
    const [lesser, greater] = [one.dialler, one.remote].sort(compareIdentities)
    for (const [relayed, direct] of [
      [lesser!, greater!],
      [greater!, lesser!],
      [lesser!, lesser!],
    ] as const) {
      const old = { dialler: relayed, link: { kind: 'relay' } }
      const straight = { dialler: direct, link: { kind } }
      expect(sessionToKeep(old, straight)).toBe(straight)
      expect(sessionToKeep(straight, old)).toBe(straight)
    }
  },
)
