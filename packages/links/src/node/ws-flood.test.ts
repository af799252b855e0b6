/** Whoever floods a socket, before or behind the handshake (T16): what a frame costs is more than its bytes. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Link, systemClock } from '@effigy/sync'
import { expect, test } from 'vitest'
import { all, take } from '../../test/contract.ts'
import { acceptWebSockets, dialWebSocket } from '../node.ts'
import { readAgain } from './reading-turns.ts'
import type { WebSocketLink } from './ws-link.ts'

const upgrade = [
  'GET / HTTP/1.1',
  'Host: hub.example',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
]

/** A link of the server, the socket below it, and the bare TCP connection of the one who dialled. */
async function openRaw() {
  const server = createServer()
  const stop = new AbortController()
  const link = Promise.withResolvers<Link>()
  const below = Promise.withResolvers<Duplex>()
  server.on('upgrade', (_request, socket) => below.resolve(socket))
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
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => {})
  client.write(`${upgrade.join('\r\n')}\r\n\r\n`)
  return {
    link: await link.promise,
    socket: (await below.promise) as Socket,
    client,
    async [Symbol.asyncDispose]() {
      client.destroy()
      stop.abort()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A masked binary message with a mask of zeros: its head, to be followed by `length` bytes. */
function head(length: number): Uint8Array {
  const bytes = new Uint8Array(14)
  bytes.set([0x82, 0xff])
  new DataView(bytes.buffer).setBigUint64(2, BigInt(length))
  return bytes
}

test('[T16] frames of no bytes fill the queue too: the socket is not read further', async () => {
  await using raw = await openRaw()
  const empty = Uint8Array.of(0x82, 0x80, 0, 0, 0, 0)
  for (let count = 0; count < 50; count++) {
    raw.client.write(Buffer.concat(Array.from({ length: 1000 }, () => empty)))
  }
  await expect.poll(() => raw.socket.isPaused()).toBe(true)
  const frames = await take(raw.link, 50_000)
  expect(frames.every((frame) => frame.length === 0)).toBe(true)
})

test('[T16] while confined a long message is left on the wire; it comes when the handshake is over', async () => {
  await using raw = await openRaw()
  raw.link.confine?.(true)
  const length = 1024 * 1024
  const before = raw.socket.bytesRead
  raw.client.write(head(length))
  raw.client.write(new Uint8Array(length))
  await expect.poll(() => raw.socket.isPaused()).toBe(true)
  expect(raw.socket.bytesRead - before).toBeLessThan(256 * 1024)
  raw.link.confine?.(false)
  expect((await take(raw.link, 1))[0]?.length).toBe(length)
})

test('[T16] who floods while confined and is refused is not read even then', async () => {
  await using raw = await openRaw()
  raw.link.confine?.(true)
  raw.client.write(head(1024 * 1024))
  raw.client.write(new Uint8Array(1024 * 1024))
  await expect.poll(() => raw.socket.isPaused()).toBe(true)
  raw.link.close()
  expect(raw.socket.isPaused()).toBe(true)
})

/** Masked binary messages of no bytes. */
const empty = (count: number): Buffer => Buffer.alloc(count * 6, Buffer.of(0x82, 0x80, 0, 0, 0, 0))

test('[T16] who goes on flooding when it was thrown out is read no further than 16 KiB, and cut', async () => {
  await using raw = await openRaw()
  raw.client.write(empty(10_000))
  await expect.poll(() => raw.socket.isPaused()).toBe(true)
  const before = raw.socket.bytesRead
  raw.link.close()
  expect(raw.socket.isPaused()).toBe(false)
  for (let count = 0; count < 50; count++) raw.client.write(empty(10_000))
  await expect.poll(() => raw.socket.isPaused()).toBe(true)
  // The piece that was one too many, and what was read ahead below.
  expect(raw.socket.bytesRead - before).toBeLessThan(256 * 1024)
  await expect.poll(() => raw.socket.destroyed, { timeout: 10_000 }).toBe(true)
})

test('[T16] a link that is over takes no turn of reading, however much of it is left to read', async () => {
  await using raw = await openRaw()
  raw.client.write(empty(10_000))
  await expect.poll(() => raw.socket.isPaused()).toBe(true)
  raw.client.destroy()
  raw.socket.destroy()
  await raw.link.closed
  let turn = 0
  for (let count = 0; count < 3; count++) await new Promise((resolve) => setImmediate(resolve))
  expect((await all(raw.link)).length).toBeGreaterThan(2_000)
  readAgain({ resume: () => void turn++ })
  expect(turn).toBe(1)
})

test('[T16] a socket that waits for its turn says that it is not read, and is not cut for its silence', async () => {
  await using raw = await openRaw()
  const link = raw.link as WebSocketLink
  expect(link.isRead).toBe(true)
  raw.client.write(empty(10_000))
  await expect.poll(() => raw.socket.isPaused()).toBe(true)
  expect(link.isRead).toBe(false)
  expect([link.checkAlive(), link.checkAlive()]).toEqual([true, true])
  // Just read again: what it said meanwhile has not come yet.
  const frames = link.receive()[Symbol.asyncIterator]()
  while (!link.isRead) await frames.next()
  expect(link.checkAlive()).toBe(true)
})

test('[T16] a thousand small frames that wait to leave count for what they cost', async () => {
  await using raw = await openRaw()
  for (let count = 0; count < 1000; count++) raw.link.send(Uint8Array.of(1))
  expect(raw.link.bufferedBytes).toBeGreaterThan(500_000)
  await raw.link.drained(new AbortController().signal)
  expect(raw.link.bufferedBytes).toBe(0)
})

test.each(['http://127.0.0.1:1/', 'https://127.0.0.1:1/', 'ws+unix:///run/some.sock:/', 'ws:relative'])(
  'only WebSockets are dialled, not %s',
  async (url) => {
    const dialling = dialWebSocket(url, { clock: systemClock, signal: new AbortController().signal })
    await expect(dialling).rejects.toMatchObject({ code: 'bad-address' })
  },
)
