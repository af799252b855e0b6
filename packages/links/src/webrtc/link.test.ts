/** The link over a fake connection; over real ones: `../node/webrtc.test.ts`, `../page/page.browser-test.ts`. */
import { systemClock } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { all, linkContract, take } from '../../test/contract.ts'
import { createFakeRtcWorld } from '../../test/fake-rtc.ts'
import { rtcPair } from '../../test/rtc-pair.ts'
import { firstRoomBytes, roomBytes, webrtcBinding, webrtcLink } from './link.ts'
import { endMessage, roomMessage } from './messages.ts'
import type { RtcChannel, RtcChannelListener } from './rtc-port.ts'

describe('webrtcLink', () => {
  linkContract(
    async () => {
      const world = createFakeRtcWorld(systemClock, 0)
      const [a, b] = rtcPair([world.machine(), world.machine()], { clock: systemClock, delay: () => 0 })
      a.negotiation.connect()
      return {
        links: await Promise.all([a.next(), b.next()]),
        async [Symbol.asyncDispose]() {
          a.stop()
          b.stop()
        },
      }
    },
    { slowsSenderDown: true },
  )
})

/** One end, and what somebody at the other end says and sees, byte by byte. */
function oneEnd({ maxMessageBytes = 65_536 } = {}) {
  const clock = createFakeClock()
  const sent: Uint8Array[] = []
  const over: string[] = []
  let listener: RtcChannelListener | null = null
  let bufferedBytes = 0
  let isTaking = true
  const channel: RtcChannel = {
    maxMessageBytes,
    ownFingerprint: new Uint8Array(32).fill(1),
    otherFingerprint: new Uint8Array(32).fill(2),
    get bufferedBytes() {
      return bufferedBytes
    },
    listen(given) {
      listener = given
    },
    send(message) {
      sent.push(message)
      if (!isTaking) bufferedBytes += message.length
    },
  }
  const { link, lose } = webrtcLink(channel, {
    role: 'acceptor',
    clock,
    onOver: (code) => void over.push(code),
  })
  return {
    clock,
    link,
    lose,
    sent,
    over,
    pieces: () => sent.filter(([flag]) => flag === 0 || flag === 1),
    say: (...bytes: number[]) => listener?.onMessage(Uint8Array.from(bytes)),
    arrive: (message: Uint8Array | null) => listener?.onMessage(message),
    end: () => listener?.onClose(),
    /** The channel takes nothing off our hands, or all at once. */
    take(isOpen: boolean, isTold = true) {
      isTaking = isOpen
      if (isOpen) bufferedBytes = 0
      if (isOpen && isTold) listener?.onLow()
    },
  }
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0))
const piece = (bytes: number, flag = 0): Uint8Array => {
  const message = new Uint8Array(1 + bytes)
  message[0] = flag
  return message
}

test('[A3] the binding is the name, 0, the dialler’s fingerprint, the acceptor’s', () => {
  const { link } = oneEnd()
  expect(link.binding).toEqual(webrtcBinding(new Uint8Array(32).fill(2), new Uint8Array(32).fill(1)))
  expect([...link.binding.subarray(0, 8)]).toEqual([...new TextEncoder().encode('webrtc'), 0, 2])
  expect(link.binding.length).toBe(7 + 64)
})

test('[M7] no message is longer than the other side takes; a frame is cut into equal ones', () => {
  const { link, pieces, arrive } = oneEnd({ maxMessageBytes: 16_384 })
  arrive(roomMessage(10 * 1024 * 1024))
  link.send(new Uint8Array(40_000))
  expect(pieces().map((message) => [message[0], message.length])).toEqual([
    [1, 13_335],
    [1, 13_334],
    [0, 13_334],
  ])
})

test('[M11] before the first room no more is sent than a handshake needs; then what there is room for', () => {
  const { link, pieces, arrive } = oneEnd({ maxMessageBytes: 16_384 })
  for (let count = 0; count < 10; count++) link.send(new Uint8Array(16_000))
  const weight = 16_000 + 256
  expect(pieces().length).toBe(Math.floor(firstRoomBytes / weight))
  expect(link.bufferedBytes).toBe(160_000 - pieces().length * 16_000 + (10 - pieces().length) * 256)
  arrive(roomMessage(8 * weight))
  expect(pieces().length).toBe(8)
  // A lesser number takes nothing back.
  arrive(roomMessage(1))
  arrive(roomMessage(9 * weight))
  expect(pieces().length).toBe(9)
})

test('[M11] room is told when somebody reads, and again as it is read', async () => {
  const { link, sent, arrive } = oneEnd()
  const reader = link.receive()[Symbol.asyncIterator]()
  await turn()
  expect(sent).toEqual([roomMessage(roomBytes)])
  const count = 8
  for (let index = 0; index < count; index++) arrive(piece(64_000))
  expect(sent.length).toBe(1)
  for (let index = 0; index < count; index++) await reader.next()
  expect(sent[1]).toEqual(roomMessage(roomBytes + 5 * (64_000 + 256)))
})

test('[M11] [T16] while it is confined a link tells of no room, and closes when more comes', async () => {
  const { link, sent, arrive, over } = oneEnd()
  link.receive()
  link.confine?.(true)
  await turn()
  expect(sent).toEqual([])
  for (let index = 0; index < 4; index++) arrive(piece(16_000))
  expect(over).toEqual([])
  arrive(piece(16_000))
  expect(await link.closed).toEqual({ code: 'too-much' })
})

test('[M11] once it is not confined any more, there is room', async () => {
  const { link, sent } = oneEnd()
  link.receive()
  link.confine?.(true)
  link.confine?.(false)
  await turn()
  expect(sent).toEqual([roomMessage(roomBytes)])
})

test('[M11] [T16] a million pieces of one byte are one frame, and cost no more', async () => {
  const { link, arrive, sent } = oneEnd()
  const reader = link.receive()[Symbol.asyncIterator]()
  await turn()
  for (let count = 1; count < 200_000; count++) arrive(piece(1, 1))
  arrive(piece(1))
  expect((await reader.next()).value?.length).toBe(200_000)
  const rooms = sent.filter(([flag]) => flag === 3)
  expect(rooms.length).toBeGreaterThan(100)
})

test('[M11] [T16] empty frames that nobody reads are bounded too', async () => {
  const { link, arrive } = oneEnd()
  link.receive()
  await turn()
  let count = 0
  while (count < 100_000) {
    arrive(piece(0))
    count++
    if (await Promise.race([link.closed, null])) break
  }
  expect(count).toBeLessThan(roomBytes / 256 + 10)
  expect(await link.closed).toEqual({ code: 'too-much' })
})

test.each([
  ['text', null],
  ['an empty message', []],
  ['an unknown flag', [4, 1]],
  ['an empty piece before the last', [1]],
  ['an end without a code', [2]],
  ['an end with a strange code', [2, 65]],
  ['a long end', [2, ...new TextEncoder().encode('a'.repeat(65))]],
  ['short room', [3, 1]],
  ['room without an end', [3, 255, 255, 255, 255, 255, 255, 255, 255]],
])('[M10] %s ends the link', async (_name, bytes) => {
  const { link, arrive, sent } = oneEnd()
  arrive(bytes === null ? null : Uint8Array.from(bytes))
  expect(await link.closed).toEqual({ code: 'bad-message' })
  expect(sent).toEqual([endMessage('bad-message')])
})

test('[M10] the end comes behind what was sent, when there is room for it', async () => {
  const { link, sent, arrive, over, end } = oneEnd({ maxMessageBytes: 65_536 })
  for (let count = 0; count < 3; count++) link.send(new Uint8Array(30_000))
  link.close('good-night')
  expect(await link.closed).toEqual({ code: 'good-night' })
  expect(sent.at(-1)?.[0]).toBe(0)
  arrive(roomMessage(roomBytes))
  expect(sent.at(-1)).toEqual(endMessage('good-night'))
  expect(over).toEqual([])
  end()
  expect(over).toEqual(['lost'])
})

test('[M10] what the other side says after this side closed is not read', async () => {
  const { link, arrive } = oneEnd()
  const reading = all(link)
  link.close()
  arrive(piece(3))
  expect(await reading).toEqual([])
})

test('[M10] the end of the other side is the end at once; what it sent before is read', async () => {
  const { link, arrive, over } = oneEnd()
  arrive(piece(3))
  arrive(endMessage('good-night'))
  expect((await all(link)).length).toBe(1)
  expect(await link.closed).toEqual({ code: 'good-night' })
  expect(over).toEqual(['good-night'])
})

test('[M10] [T16] a closed link does not wait for one that takes nothing', async () => {
  const { link, clock, over, take: open } = oneEnd()
  open(false)
  link.send(new Uint8Array(1000))
  link.close()
  expect(over).toEqual([])
  await clock.advance(2_000)
  expect(over).toEqual(['closed'])
  expect(clock.pending()).toBe(0)
})

test('[M10] a link that is lost reads what came, and says so', async () => {
  const { link, arrive, lose, over, clock } = oneEnd()
  arrive(piece(3))
  lose()
  expect((await all(link)).length).toBe(1)
  expect(await link.closed).toEqual({ code: 'lost' })
  expect(over).toEqual(['lost'])
  expect(clock.pending()).toBe(0)
})

test('a channel that forgets to tell that it is low is looked at', async () => {
  const { link, pieces, arrive, clock, take: open } = oneEnd({ maxMessageBytes: 262_144 })
  arrive(roomMessage(100 * 1024 * 1024))
  open(false)
  for (let count = 0; count < 8; count++) link.send(new Uint8Array(1024 * 1024))
  const before = pieces().length
  expect(before).toBeLessThan(64)
  open(true, false)
  await clock.advance(200)
  expect(pieces().length).toBeGreaterThan(before)
  await link.drained(new AbortController().signal)
  expect(link.bufferedBytes).toBe(0)
})

test('dropping forgets what has not left, in the middle of a frame too', async () => {
  const world = createFakeRtcWorld(systemClock, 0)
  const [a, b] = rtcPair([world.machine(), world.machine()], { clock: systemClock, delay: () => 0 })
  a.negotiation.connect()
  const [left, right] = await Promise.all([a.next(), b.next()])
  left.send(Uint8Array.of(1))
  for (let count = 0; count < 30; count++) left.send(new Uint8Array(1024 * 1024))
  expect((await take(right, 1)).length).toBe(1)
  left.drop?.()
  expect((await all(right)).length).toBeLessThan(8)
  expect(await right.closed).toEqual({ code: 'closed' })
  a.stop()
  b.stop()
})
