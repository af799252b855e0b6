/** WebRTC of this page, used over a port: in the page itself, and in a dedicated worker. */
import { type Link, silentLog, systemClock } from '@effigy/sync'
import { describe, expect, test } from 'vitest'
import { linkContract, take } from '../../test/contract.ts'
import { rtcPair } from '../../test/rtc-pair.ts'
import { borrowRtc } from '../webrtc/borrowed.ts'
import { negotiate } from '../webrtc/negotiate.ts'
import type { RtcPort } from '../webrtc/rtc-port.ts'
import { type LendOptions, lendRtc } from './lend.ts'
import { openPageRtc } from './webrtc.ts'

const rtc = openPageRtc() as RtcPort
const clock = systemClock

function borrow(options: LendOptions) {
  const { port1, port2 } = new MessageChannel()
  const lending = lendRtc(port1, options)
  return { port: borrowRtc(port2), lending }
}

async function openPair(options: LendOptions) {
  const { port, lending } = borrow(options)
  const [a, b] = rtcPair([port, rtc], { clock, delay: () => 0 })
  a.negotiation.connect()
  const links = await Promise.all([a.next(), b.next()])
  return {
    a,
    b,
    links,
    lending,
    async [Symbol.asyncDispose]() {
      a.stop()
      b.stop()
    },
  }
}

describe('borrowed, messages copied', () => {
  linkContract(() => openPair({ handsOver: false }), { slowsSenderDown: true, unread: 22 })

  test('what the page ends is over in the worker', async () => {
    await using pair = await openPair({ handsOver: false })
    expect(await pair.a.negotiation.stats()).toMatchObject({ local: expect.stringMatching(/host|prflx/) })
    pair.lending[Symbol.dispose]()
    expect(await pair.links[0].closed).toEqual({ code: 'lost' })
    expect(await pair.links[1].closed).toEqual({ code: 'lost' })
  })
})

/** Whether this browser hands a channel over to a worker. */
async function canHandOver(): Promise<boolean> {
  const connection = new RTCPeerConnection()
  const { port1 } = new MessageChannel()
  try {
    const channel = connection.createDataChannel('x', { negotiated: true, id: 0 })
    port1.postMessage(channel, [channel as unknown as Transferable])
    return true
  } catch {
    return false
  } finally {
    connection.close()
  }
}

describe.each([
  ['copied', { handsOver: false }],
  [(await canHandOver()) ? 'handed over' : 'handed over (this browser cannot: copied)', { handsOver: true }],
])('in a worker, %s', (_name, options) => {
  test('5 MB there and back', async () => {
    const worker = new Worker(new URL('../../test/borrowing.worker.ts', import.meta.url), { type: 'module' })
    const lent = new MessageChannel()
    const signals = new MessageChannel()
    using _lending = lendRtc(lent.port1, options)
    worker.postMessage({ rtc: lent.port2, signals: signals.port2 }, [lent.port2, signals.port2])
    const stop = new AbortController()
    const opened = Promise.withResolvers<Link>()
    const negotiation = negotiate({
      rtc,
      clock,
      randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
      log: silentLog,
      polite: false,
      policy: () => 'all',
      iceServers: async () => [],
      send: (signal) => signals.port1.postMessage(signal),
      onLink: (link) => opened.resolve(link),
      signal: stop.signal,
    })
    signals.port1.onmessage = ({ data }: MessageEvent<unknown>) => void negotiation.receive(data)
    negotiation.connect()
    const link = await opened.promise
    const count = 20
    for (let index = 0; index < count; index++) link.send(new Uint8Array(256 * 1024).fill(index))
    const frames = await take(link, count)
    expect(frames.map((frame) => [frame.length, frame.at(-1)])).toEqual(
      Array.from({ length: count }, (_, index) => [256 * 1024, index]),
    )
    worker.terminate()
    stop.abort()
  })
})
