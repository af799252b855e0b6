/** Real connections of this page with itself. */
import { systemClock } from '@effigy/sync'
import { describe, expect, test } from 'vitest'
import { linkContract, take } from '../../test/contract.ts'
import { type RtcPairOptions, rtcPair } from '../../test/rtc-pair.ts'
import type { RtcPort } from '../webrtc/rtc-port.ts'
import { openPageRtc } from './webrtc.ts'

const rtc = openPageRtc() as RtcPort
const clock = systemClock
const never = new AbortController().signal

async function openPair(
  options: Omit<RtcPairOptions, 'clock'> = {},
  ports: readonly [RtcPort, RtcPort] = [rtc, rtc],
) {
  const [a, b] = rtcPair(ports, { clock, delay: () => 0, ...options })
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

describe('WebRTC in a page', () => {
  linkContract(openPair, { slowsSenderDown: true, unread: 22 })

  test('20 MB go through, and no more waits than there is room for', async () => {
    await using pair = await openPair()
    const [a, b] = pair.links
    const [size, count] = [512 * 1024, 40]
    const reading = take(b, count)
    let most = 0
    for (let index = 0; index < count; index++) {
      a.send(new Uint8Array(size).fill(index))
      most = Math.max(most, a.bufferedBytes)
      if (a.bufferedBytes > 2 * 1024 * 1024) await a.drained(never)
    }
    const frames = await reading
    expect(frames.map((frame) => [frame.length, frame[0], frame.at(-1)])).toEqual(
      Array.from({ length: count }, (_, index) => [size, index, index]),
    )
    expect(most).toBeLessThan(3 * 1024 * 1024)
    const stats = await pair.a.negotiation.stats()
    expect(stats?.bytesSent).toBeGreaterThan(count * size)
    expect(stats?.local).toMatch(/host|prflx/)
  })

  test('[M17] the link goes on over an ICE restart', async () => {
    await using pair = await openPair()
    const [a, b] = pair.links
    a.send(new Uint8Array(300_000))
    pair.b.negotiation.networkChanged()
    await expect.poll(() => pair.a.sent.filter(({ type }) => type === 'rtcoffer').length).toBe(2)
    await expect.poll(() => pair.b.sent.filter(({ type }) => type === 'rtcanswer').length).toBe(2)
    const [first, second] = pair.a.sent.filter(({ type }) => type === 'rtcoffer')
    expect(second?.fingerprint).toBe(first?.fingerprint)
    expect(second?.ufrag).not.toBe(first?.ufrag)
    b.send(Uint8Array.of(7))
    expect((await take(b, 1))[0]?.length).toBe(300_000)
    expect((await take(a, 1))[0]).toEqual(Uint8Array.of(7))
    expect([pair.a.links.length, pair.b.links.length]).toEqual([1, 1])
  })

  test('a connection that is closed in the middle: the other side hears that it is lost', async () => {
    const opened: { close(): void }[] = []
    const port: RtcPort = {
      ...rtc,
      open(...given) {
        const connection = rtc.open(...given)
        opened.push(connection)
        return connection
      },
    }
    await using pair = await openPair({}, [port, rtc])
    const [a, b] = pair.links
    for (let index = 0; index < 20; index++) a.send(new Uint8Array(1024 * 1024))
    expect((await take(b, 1)).length).toBe(1)
    opened[0]?.close()
    expect(await b.closed).toEqual({ code: 'lost' })
  })

  test.each(['rtcoffer', 'rtcanswer'])(
    '[T7] a fingerprint that was swapped in the %s: no link',
    async (type) => {
      const [a, b] = rtcPair([rtc, rtc], {
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

  test('[T16] a side that opens a channel of its own is cut', async () => {
    const connections: RTCPeerConnection[] = []
    const Native = RTCPeerConnection
    globalThis.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration)
        connections.push(this)
      }
    }
    await using pair = await openPair()
    globalThis.RTCPeerConnection = Native
    connections[0]?.createDataChannel('another')
    expect(await pair.links[1].closed).toEqual({ code: 'lost' })
  })

  test('addresses of servers that no browser understands harm nobody', async () => {
    const servers = [{ urls: ['nonsense', 'stun:127.0.0.1:9', 'turn:127.0.0.1'] }]
    await using pair = await openPair({ sides: [{ iceServers: async () => servers }, {}] })
    expect(pair.links[0].kind).toBe('webrtc')
  })
})
