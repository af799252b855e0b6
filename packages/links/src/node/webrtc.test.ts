/** Real connections of this process with itself, over its own addresses. */
import { createSocket } from 'node:dgram'
import { networkInterfaces } from 'node:os'
import { systemClock } from '@effigy/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linkContract, take } from '../../test/contract.ts'
import { type RtcPairOptions, rtcPair } from '../../test/rtc-pair.ts'
import { openNodeRtc } from './webrtc.ts'

const rtc = await openNodeRtc()
const why = rtc === null ? ' (left out: node-datachannel has no binary for this machine)' : ''
const clock = systemClock

async function openPair(options: Omit<RtcPairOptions, 'clock'> = {}) {
  const [a, b] = rtcPair([rtc!, rtc!], { clock, delay: () => 0, ...options })
  a.negotiation.connect()
  const links = await Promise.all([a.next(), b.next()])
  return {
    a,
    b,
    links,
    async [Symbol.asyncDispose]() {
      a.stop()
      b.stop()
    },
  }
}

describe.skipIf(rtc === null)(`WebRTC in Node${why}`, () => {
  /** libdatachannel takes a second for each: they are opened together. */
  let ready: ReturnType<typeof openPair>[] = []
  beforeAll(() => {
    ready = Array.from({ length: 14 }, () => openPair())
  })
  afterAll(async () => {
    for (const pair of await Promise.all(ready)) await pair[Symbol.asyncDispose]()
  })
  const nextPair = (): ReturnType<typeof openPair> => ready.shift() ?? openPair()

  linkContract(nextPair, { slowsSenderDown: true, unread: 22 })

  test('[A3] who dials is first in the binding, whoever looks', async () => {
    await using pair = await nextPair()
    expect(pair.a.links[0]?.role).toBe('dialler')
    const [offer] = pair.a.sent
    const text = Array.from(pair.links[1].binding.subarray(7, 39), (byte) =>
      byte.toString(16).padStart(2, '0'),
    )
    expect(text.join('')).toBe(offer?.fingerprint)
  })

  test('each connection has a certificate of its own', async () => {
    await using one = await nextPair()
    await using other = await nextPair()
    expect(one.links[0].binding).not.toEqual(other.links[0].binding)
  })

  test('20 MB go through, and no more waits than there is room for', async () => {
    await using pair = await nextPair()
    const [a, b] = pair.links
    const size = 512 * 1024
    const count = 40
    const reading = take(b, count)
    let most = 0
    for (let index = 0; index < count; index++) {
      a.send(new Uint8Array(size).fill(index))
      most = Math.max(most, a.bufferedBytes)
      if (a.bufferedBytes > 2 * 1024 * 1024) await a.drained(new AbortController().signal)
    }
    const frames = await reading
    expect(frames.map((frame) => [frame.length, frame[0], frame.at(-1)])).toEqual(
      Array.from({ length: count }, (_, index) => [size, index, index]),
    )
    expect(most).toBeLessThan(3 * 1024 * 1024)
    const stats = await pair.a.negotiation.stats()
    expect(stats?.bytesSent).toBeGreaterThan(count * size)
    expect([stats?.local, stats?.remote].every((kind) => kind === 'host' || kind === 'prflx')).toBe(true)
  })

  test('a connection that is closed in the middle: the other side reads what came, and hears that it is lost', async () => {
    const opened: { close(): void }[] = []
    const port = {
      ...rtc!,
      open: (...given: Parameters<NonNullable<typeof rtc>['open']>) => {
        const connection = rtc!.open(...given)
        opened.push(connection)
        return connection
      },
    }
    const [a, b] = rtcPair([port, rtc!], { clock, delay: () => 0 })
    a.negotiation.connect()
    const [left, right] = await Promise.all([a.next(), b.next()])
    for (let index = 0; index < 20; index++) left.send(new Uint8Array(1024 * 1024))
    expect((await take(right, 1)).length).toBe(1)
    opened[0]?.close()
    expect(await right.closed).toEqual({ code: 'lost' })
    await expect.poll(() => b.negotiation.state).toEqual({ type: 'failed', code: 'lost' })
    a.stop()
    b.stop()
  })

  test.each(['rtcoffer', 'rtcanswer'])(
    '[T7] a fingerprint that was swapped in the %s: no link',
    async (type) => {
      const [a, b] = rtcPair([rtc!, rtc!], {
        clock,
        delay: () => 0,
        alter: (signal) => (signal.type === type ? { ...signal, fingerprint: 'ab'.repeat(32) } : signal),
      })
      a.negotiation.connect()
      await expect.poll(() => a.negotiation.state.type, { timeout: 25_000 }).toBe('failed')
      expect([a.links.length, b.links.length]).toEqual([0, 0])
      a.stop()
      b.stop()
    },
  )

  test('[T16] candidates that lead nowhere do not hurt', async () => {
    await using pair = await openPair({
      alter: (signal) =>
        signal.type === 'rtccandidates'
          ? {
              ...signal,
              candidates: [
                ...(signal.candidates as string[]),
                'candidate:9 1 udp 1 192.0.2.99 9 typ host',
                'candidate:10 1 udp 1 0d1b2c3d-0000-4000-8000-0123456789ab.local 9 typ host',
                'candidate:11 1 udp 1 2001:db8::9 9 typ relay raddr 0.0.0.0 rport 0',
              ],
            }
          : signal,
    })
    pair.links[0].send(Uint8Array.of(1))
    expect((await take(pair.links[1], 1)).length).toBe(1)
  })

  test('[T20] relays alone, and a server that is none: no candidate leaves', async () => {
    const server = { urls: ['turn:127.0.0.1:9'], username: 'x', credential: 'y' }
    const [a, b] = rtcPair([rtc!, rtc!], {
      clock,
      delay: () => 0,
      sides: [{ policy: () => 'relay', iceServers: async () => [server] }, {}],
    })
    a.negotiation.connect()
    await expect.poll(() => b.sent.some(({ type }) => type === 'rtccandidates')).toBe(true)
    expect(a.sent.map(({ type }) => type)).toEqual(['rtcoffer'])
    a.stop()
    b.stop()
  })

  test('[T20] relays alone: what calls itself a relay and is none hears nothing from an address of this machine', async () => {
    const spy = createSocket('udp4')
    await new Promise<void>((resolve) => spy.bind(0, '0.0.0.0', resolve))
    const heard: string[] = []
    spy.on('message', (_packet, { address }) => void heard.push(address))
    const address = ownAddress()
    const server = { urls: ['turn:127.0.0.1:9'], username: 'x', credential: 'y' }
    const [a, b] = rtcPair([rtc!, rtc!], {
      clock,
      delay: () => 0,
      alter: (signal) =>
        signal.type === 'rtccandidates'
          ? {
              ...signal,
              candidates: [
                `candidate:1 1 udp 9 ${address} ${spy.address().port} typ relay raddr 0.0.0.0 rport 0`,
              ],
            }
          : signal,
      sides: [{ policy: () => 'relay', iceServers: async () => [server] }, {}],
    })
    a.negotiation.connect()
    // It hears of them, as it is on this machine; the loopback leads to no other one.
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBeGreaterThan(0)
    expect(new Set(heard)).toEqual(new Set(['127.0.0.1']))
    await expect(reachFromLoopback('203.0.113.1')).rejects.toThrow()
    a.stop()
    b.stop()
    spy.close()
  })
})

/** One that others could see, if there is one. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'
}

function reachFromLoopback(address: string): Promise<void> {
  const socket = createSocket('udp4')
  return new Promise((resolve, reject) => {
    socket.bind(0, '127.0.0.1', () => {
      socket.send('x', 9, address, (error) => {
        socket.close()
        if (error) reject(error)
        else resolve()
      })
    })
  })
}
