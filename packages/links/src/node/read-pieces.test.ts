import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Link, systemClock } from '@effigy/sync'
import { createRandom } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { acceptWebSockets, dialWebSocket } from '../node.ts'
import { createReadPieces } from './read-pieces.ts'

const piece = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length)
const isFreed = ({ buffer }: Uint8Array<ArrayBuffer>): boolean => buffer.detached

describe('pieces', () => {
  test('are freed when all of them was read, not before', () => {
    const pieces = createReadPieces()
    const all = [piece(65_536), piece(65_536), piece(65_536)]
    for (const one of all) pieces.came(one)
    pieces.given(65_536 - 11)
    expect(all.map(isFreed)).toEqual([false, false, false])
    // One byte before the end of the second, with a header of four each.
    pieces.given(65_536 + 2)
    expect(all.map(isFreed)).toEqual([true, false, false])
    pieces.given(0)
    expect(all.map(isFreed)).toEqual([true, true, false])
  })

  test('never more than messages account for, in whatever frames they came', () => {
    for (const length of [0, 1, 125, 126, 65_535, 65_536, 131_070, 131_071, 262_144, 1_048_576]) {
      // The shortest stream that carries it: frames of 64-bit, 16-bit or 7-bit lengths, whatever is least.
      const header = (bytes: number): number => (bytes <= 125 ? 2 : bytes <= 65_535 ? 4 : 10)
      const whole = Math.floor(length / 65_535)
      const rest = length % 65_535
      const shortest = length + Math.min(header(length), 4 * whole + (rest > 0 ? header(rest) : 0) || 2)
      const pieces = createReadPieces()
      const next = piece(16_384)
      if (shortest > 0) pieces.came(new Uint8Array(piece(shortest + 1).buffer, 1))
      pieces.came(next)
      pieces.given(length)
      expect(isFreed(next), `${length}`).toBe(false)
    }
  })

  test('that are short, shared, kept, too many, or behind the end are left alone', () => {
    const pieces = createReadPieces()
    const short = piece(1_000)
    const shared = new Uint8Array(piece(40_000).buffer, 1)
    const kept = piece(20_000)
    for (const one of [short, shared, kept]) pieces.came(one)
    pieces.keep(kept.subarray(3, 5))
    pieces.given(100_000)
    expect([short, shared, kept].map(isFreed)).toEqual([false, false, false])
    const many = createReadPieces()
    const first = piece(20_000)
    many.came(first)
    expect(many.isBorrowed(first.subarray(5))).toBe(true)
    for (let count = 0; count < 64; count++) many.came(piece(1))
    expect(many.isBorrowed(first)).toBe(false)
    const stopped = createReadPieces()
    stopped.came(first)
    stopped.stop()
    stopped.given(100_000)
    expect(isFreed(first)).toBe(false)
  })
})

async function listen() {
  const server = createServer()
  const stop = new AbortController()
  const link = Promise.withResolvers<Link>()
  acceptWebSockets(server, {
    path: '/',
    maxConnections: 1,
    maxPerAddress: 1,
    clock: systemClock,
    onLink: link.resolve,
    signal: stop.signal,
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    link: link.promise,
    async [Symbol.asyncDispose]() {
      stop.abort()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Of all lengths, most of them around those where headers and pieces end. */
function frames(seed: string): Uint8Array[] {
  const random = createRandom(seed)
  const lengths = [0, 1, 124, 126, 4_000, 16_384, 65_520, 65_535, 65_536, 131_072, 262_144, 1_000_000]
  return Array.from({ length: 150 }, () => random.bytes(random.pick(lengths) + random.integer(20)))
}

async function take(link: Link, count: number): Promise<Uint8Array[]> {
  const taken: Uint8Array[] = []
  for await (const frame of link.receive()) {
    taken.push(frame)
    if (taken.length === count) break
  }
  return taken
}

const isSame = (a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean =>
  a.length === b.length && a.every((bytes, index) => Buffer.compare(bytes, b[index]!) === 0)

describe('frames keep their bytes', () => {
  test('from the one who dialled, masked, in pieces, with pings between them that come back whole', async () => {
    await using server = await listen()
    const socket = new WebSocket(server.url, { perMessageDeflate: false })
    await once(socket, 'open')
    const pongs: string[] = []
    socket.on('pong', (data: Buffer) => pongs.push(data.toString('latin1')))
    const link = await server.link
    const sent = frames('masked')
    const taking = take(link, sent.length)
    const pings: string[] = []
    for (const [index, frame] of sent.entries()) {
      const cut = index % 3 === 0 ? frame.length >> 1 : frame.length
      socket.send(frame.slice(0, cut), { fin: cut === frame.length, binary: true })
      pings.push(`${index}`.padEnd(120, '.'))
      await new Promise((resolve) => socket.ping(pings.at(-1), undefined, resolve))
      if (cut < frame.length) socket.send(frame.slice(cut), { fin: true, binary: true })
    }
    expect(isSame(await taking, sent)).toBe(true)
    await expect.poll(() => pongs.length).toBe(pings.length)
    expect(pongs).toEqual(pings)
    socket.terminate()
  })

  test('from the one who listens', async () => {
    await using server = await listen()
    const link = await dialWebSocket(server.url, {
      clock: systemClock,
      signal: new AbortController().signal,
    })
    const far = await server.link
    const sent = frames('plain')
    const taking = take(link, sent.length)
    for (const frame of sent) {
      far.send(frame.slice())
      await far.drained(new AbortController().signal)
    }
    expect(isSame(await taking, sent)).toBe(true)
    link.close()
  })
})
