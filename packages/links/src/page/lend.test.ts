/** What leaves a channel that stayed in the page; over a browser's own WebRTC: `lend.browser-test.ts`. */
import { createFakeClock, type FakeClock } from '@effigy/testkit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { borrowRtc } from '../webrtc/borrowed.ts'
import { writeSdp } from '../webrtc/description.ts'
import { webrtcLink } from '../webrtc/link.ts'
import { endMessage, roomMessage } from '../webrtc/messages.ts'
import type { RtcChannel, RtcDescription } from '../webrtc/rtc-port.ts'
import { lendRtc } from './lend.ts'

const described = (type: RtcDescription['type'], byte: number): RtcDescription => ({
  ...{ type, ufrag: 'uuuu', pwd: 'p'.repeat(22), maxMessageBytes: 65_536 },
  fingerprint: new Uint8Array(32).fill(byte),
})

/** A browser's channel, of which so much leaves in a tenth of a second. */
class SlowChannel extends EventTarget {
  binaryType = ''
  bufferedAmountLowThreshold = 0
  bufferedAmount = 0
  readyState = 'connecting'
  readonly sent: Uint8Array[] = []
  /** Of the first one that is not wholly gone. */
  #goneBytes = 0
  #left = 0

  constructor(clock: FakeClock, bytesEachTenth: number) {
    super()
    const beat = (): void => {
      this.#leave(bytesEachTenth)
      if (this.readyState !== 'closed') clock.after(100, beat)
    }
    clock.after(100, beat)
  }

  /** Messages of which every byte has left. */
  get left(): readonly Uint8Array[] {
    return this.sent.slice(0, this.#left)
  }

  send(message: Uint8Array): void {
    this.sent.push(message.slice())
    this.bufferedAmount += message.length
  }

  #leave(bytes: number): void {
    const before = this.bufferedAmount
    const going = Math.min(bytes, before)
    this.bufferedAmount -= going
    this.#goneBytes += going
    for (;;) {
      const length = this.sent[this.#left]?.length ?? Number.POSITIVE_INFINITY
      if (this.#goneBytes < length) break
      this.#goneBytes -= length
      this.#left++
    }
    const low = this.bufferedAmountLowThreshold
    if (before > low && this.bufferedAmount <= low) this.dispatchEvent(new Event('bufferedamountlow'))
  }

  hear(message: Uint8Array): void {
    this.dispatchEvent(new MessageEvent('message', { data: message.slice().buffer }))
  }

  open(): void {
    this.readyState = 'open'
    this.dispatchEvent(new Event('open'))
  }
}

/** As much of an RTCPeerConnection as a link needs. */
function connectionOver(channel: SlowChannel) {
  return class extends EventTarget {
    localDescription: unknown = null
    connectionState = 'connected'
    createDataChannel = () => channel
    createOffer = async () => ({ type: 'offer', sdp: writeSdp(described('offer', 1)) })
    async setLocalDescription(made: unknown) {
      this.localDescription = made
    }
    async setRemoteDescription() {}
    close() {
      channel.readyState = 'closed'
    }
  }
}

/** Two ends of one, whose messages arrive within the turn. */
function ports(): readonly [MessagePort, MessagePort] {
  const ends = [0, 1].map((index) => ({
    onmessage: null as ((event: { readonly data: unknown }) => void) | null,
    postMessage(data: unknown) {
      const copy = structuredClone(data)
      queueMicrotask(() => ends[1 - index]?.onmessage?.({ data: copy }))
    },
  }))
  return ends as unknown as [MessagePort, MessagePort]
}

async function lentLink(bytesEachTenth: number) {
  const clock = createFakeClock()
  const channel = new SlowChannel(clock, bytesEachTenth)
  vi.stubGlobal('RTCPeerConnection', connectionOver(channel))
  const [page, worker] = ports()
  const lending = lendRtc(page, { handsOver: false, clock })
  const opened = Promise.withResolvers<RtcChannel>()
  const connection = borrowRtc(worker).open(
    { iceServers: [], policy: 'all' },
    { onCandidate() {}, onState() {}, onEnd() {}, onOpen: opened.resolve },
  )
  await connection.offer()
  await connection.accept(described('answer', 2))
  channel.open()
  let overMs: number | null = null
  const { link } = webrtcLink(await opened.promise, {
    role: 'dialler',
    clock,
    onOver() {
      overMs = clock.monotonic()
      connection.close()
    },
  })
  channel.hear(roomMessage(4 * 1024 * 1024))
  await clock.advance(0)
  return {
    clock,
    channel,
    link,
    overMs: () => overMs,
    [Symbol.dispose]: () => lending[Symbol.dispose](),
  }
}

// Node's global is no EventTarget.
beforeEach(() => {
  for (const name of ['addEventListener', 'removeEventListener']) vi.stubGlobal(name, () => {})
})
afterEach(() => void vi.unstubAllGlobals())

test('[M10] over a slow line all that was sent leaves before a closed link is over, its end last', async () => {
  using lent = await lentLink(4_000)
  const { clock, channel, link } = lent
  link.send(new Uint8Array(250_000))
  link.close('done')
  await clock.runUntil(() => lent.overMs() !== null, 60_000)
  const bytes = channel.left.reduce((sum, message) => sum + message.length, 0)
  expect(bytes).toBeGreaterThan(250_000)
  expect(channel.left.at(-1)).toEqual(endMessage('done'))
  expect(channel.left).toHaveLength(channel.sent.length)
  // All had left after 6.3 s: two looks later nothing has for 2 s.
  expect(lent.overMs()).toBe(10_000)
  await clock.advance(1_000)
  expect(clock.pending()).toBe(0)
})

test('[M10] over a line that takes nothing a closed link is over after 2 s, and nobody looks any more', async () => {
  using lent = await lentLink(0)
  const { clock, link } = lent
  link.send(new Uint8Array(250_000))
  link.close('done')
  await clock.advance(2_000)
  expect(lent.overMs()).toBe(2_000)
  await clock.advance(1_000)
  expect(clock.pending()).toBe(0)
})
