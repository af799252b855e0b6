/** The platform's WebSocket and `ws`, each against the server of `node.ts`. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { type Clock, type Link, systemClock } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { all, linkContract, take } from '../test/contract.ts'
import { addressKey } from './node/accept.ts'
import { type AcceptOptions, acceptWebSockets, dialWebSocket as dialByWs, httpServerLimits } from './node.ts'
import { dialWebSocket } from './websocket.ts'

async function listen(options: Partial<AcceptOptions> = {}) {
  const server = createServer(httpServerLimits, (_request, response) => void response.writeHead(404).end())
  const stop = new AbortController()
  const links: Link[] = []
  const waiting: ((link: Link) => void)[] = []
  const acceptor = acceptWebSockets(server, {
    path: '/effigy',
    maxConnections: 100,
    maxPerAddress: 100,
    clock: systemClock,
    onLink(link) {
      const taker = waiting.shift()
      if (taker === undefined) links.push(link)
      else taker(link)
    },
    signal: stop.signal,
    ...options,
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    acceptor,
    stop,
    port,
    url: `ws://127.0.0.1:${port}/effigy`,
    next: () =>
      new Promise<Link>((resolve) => {
        const link = links.shift()
        if (link === undefined) waiting.push(resolve)
        else resolve(link)
      }),
    async [Symbol.asyncDispose]() {
      stop.abort()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const dialOptions = { clock: systemClock, signal: new AbortController().signal }

function contractOf(dial: typeof dialWebSocket, slowsSenderDown: boolean, reversed: boolean): void {
  linkContract(
    async () => {
      const server = await listen()
      const [dialled, accepted] = await Promise.all([dial(server.url, dialOptions), server.next()])
      return {
        links: reversed ? [accepted, dialled] : [dialled, accepted],
        async [Symbol.asyncDispose]() {
          dialled.close()
          await server[Symbol.asyncDispose]()
        },
      }
    },
    { slowsSenderDown },
  )
}

describe('ws dials', () => contractOf(dialByWs, true, false))
describe('ws is dialled by ws', () => contractOf(dialByWs, true, true))
describe('the platform dials', () => contractOf(dialWebSocket, true, false))
describe('ws is dialled by the platform', () => contractOf(dialWebSocket, false, true))

describe.each([
  ['ws', dialByWs],
  ['the platform', dialWebSocket],
])('%s', (_name, dial) => {
  test('a port where nobody listens is unreachable', async () => {
    const server = await listen()
    await server[Symbol.asyncDispose]()
    await expect(dial(server.url, dialOptions)).rejects.toMatchObject({ code: 'unreachable' })
  })

  test('what is no address is a bad address', async () => {
    await expect(dial('ftp://example.org', dialOptions)).rejects.toMatchObject({ code: 'bad-address' })
    await expect(dial('nonsense', dialOptions)).rejects.toMatchObject({ code: 'bad-address' })
  })

  test('aborting the dialling rejects with the reason', async () => {
    await using server = await listen()
    const stop = new AbortController()
    const dialling = dial(server.url, { clock: systemClock, signal: stop.signal })
    stop.abort(new Error('never mind'))
    await expect(dialling).rejects.toThrow('never mind')
  })
})

describe('acceptWebSockets', () => {
  test('[T16] one socket more than there is room for is refused, and room comes back', async () => {
    await using server = await listen({ maxConnections: 2 })
    const first = await dialByWs(server.url, dialOptions)
    const atServer = await server.next()
    await dialByWs(server.url, dialOptions)
    await expect(dialByWs(server.url, dialOptions)).rejects.toMatchObject({ code: 'unreachable' })
    expect(server.acceptor).toMatchObject({ connections: 2, refused: 1 })
    first.close()
    await all(atServer)
    await expect.poll(() => server.acceptor.connections).toBe(1)
    await dialByWs(server.url, dialOptions)
  })

  test('[T16] one address has no more than its share', async () => {
    let caller = 0
    await using server = await listen({
      maxPerAddress: 2,
      addressOf: () => `10.0.0.${Math.floor(caller++ / 3)}`,
    })
    await dialByWs(server.url, dialOptions)
    await dialByWs(server.url, dialOptions)
    await expect(dialByWs(server.url, dialOptions)).rejects.toMatchObject({ code: 'unreachable' })
    await dialByWs(server.url, dialOptions)
    expect(server.acceptor.connections).toBe(3)
  })

  test('[T16] a message over a megabyte closes the socket, unread', async () => {
    await using server = await listen()
    const socket = new WebSocket(server.url)
    await once(socket, 'open')
    const link = await server.next()
    socket.send(new Uint8Array(1024 * 1024 + 17))
    expect(await all(link)).toEqual([])
    expect(await link.closed).toEqual({ code: 'lost' })
  })

  test('[T16] text messages close the socket', async () => {
    await using server = await listen()
    const socket = new WebSocket(server.url)
    await once(socket, 'open')
    const link = await server.next()
    socket.send('{"type":"bye"}')
    expect(await all(link)).toEqual([])
    expect(await link.closed).toEqual({ code: 'bad-message' })
  })

  test('[T16] a socket that answers no ping is cut', async () => {
    const clock: Clock & { advance(ms: number): Promise<void> } = createFakeClock()
    await using server = await listen({ clock })
    const silent = new WebSocket(server.url, { autoPong: false })
    await once(silent, 'open')
    const link = await server.next()
    const pinged = once(silent, 'ping')
    await clock.advance(30_000)
    await pinged
    expect(server.acceptor.connections).toBe(1)
    await clock.advance(30_000)
    expect(await link.closed).toEqual({ code: 'lost' })
  })

  test('[T16] thirty sockets are pinged one in a second, each every 30 s', async () => {
    const clock: Clock & { advance(ms: number): Promise<void> } = createFakeClock()
    await using server = await listen({ clock, maxPerAddress: 30, maxConnections: 30 })
    for (let count = 0; count < 30; count++) {
      await dialByWs(server.url, dialOptions)
      await server.next()
    }
    const pinged: WebSocket[] = []
    using _ping = vi.spyOn(WebSocket.prototype, 'ping').mockImplementation(function (this: WebSocket) {
      pinged.push(this)
    })
    for (let second = 1; second <= 30; second++) {
      await clock.advance(1_000)
      expect(pinged.length).toBe(second)
    }
    expect(new Set(pinged).size).toBe(30)
    // None of them has answered: none of these pings left.
    await clock.advance(1_000)
    await expect.poll(() => server.acceptor.connections).toBe(29)
  })

  test('a socket that answers lives on', async () => {
    const clock: Clock & { advance(ms: number): Promise<void> } = createFakeClock()
    await using server = await listen({ clock })
    const client = new WebSocket(server.url)
    await once(client, 'open')
    const link = await server.next()
    for (let round = 0; round < 4; round++) {
      const pinged = once(client, 'ping')
      await clock.advance(30_000)
      await pinged
      // The pong left before this, so it has arrived when this has.
      client.send(Uint8Array.of(round))
      expect(await take(link, 1)).toEqual([Uint8Array.of(round)])
    }
    expect(server.acceptor.connections).toBe(1)
  })

  test('other paths are no place for upgrades', async () => {
    await using server = await listen()
    const elsewhere = server.url.replace('/effigy', '/other')
    await expect(dialByWs(elsewhere, dialOptions)).rejects.toMatchObject({ code: 'unreachable' })
    await dialByWs(`${server.url}?invite=1`, dialOptions)
  })

  test('[T16] half-open sockets do not keep an honest client out', async () => {
    await using server = await listen({ maxConnections: 4 })
    const halfOpen = Array.from({ length: 200 }, () =>
      connect(server.port, '127.0.0.1').on('error', () => {}),
    )
    await Promise.all(halfOpen.map((socket) => once(socket, 'connect')))
    const link = await dialByWs(server.url, dialOptions)
    link.send(Uint8Array.of(1))
    expect((await take(await server.next(), 1)).length).toBe(1)
    for (const socket of halfOpen) socket.destroy()
  })

  test('[T16] where there is no room, the oldest in its handshake makes it; who has come through stays', async () => {
    await using server = await listen({ maxConnections: 2 })
    const dial = async () => [await dialByWs(server.url, dialOptions), await server.next()] as const
    const [standing, its] = await dial()
    its.confine?.(true)
    its.confine?.(false)
    const [slow, theirs] = await dial()
    theirs.confine?.(true)
    const [newer] = await dial()
    expect(await slow.closed).toEqual({ code: 'lost' })
    expect(server.acceptor).toMatchObject({ connections: 2, displaced: 1, refused: 0 })
    await expect(dialByWs(server.url, dialOptions)).rejects.toMatchObject({ code: 'unreachable' })
    for (const link of [standing, newer]) link.send(Uint8Array.of(1))
    expect((await take(its, 1)).length).toBe(1)
  })

  test('[T16] connections that wait for nothing: so many, then the oldest is cut', async () => {
    await using server = await listen({ maxWaiting: 3 })
    const silent = Array.from({ length: 4 }, () => connect(server.port, '127.0.0.1').on('error', () => {}))
    await Promise.all(silent.map((socket) => once(socket, 'connect')))
    await expect.poll(() => silent.filter((socket) => socket.closed).length).toBe(1)
    const link = await dialByWs(server.url, dialOptions)
    link.send(Uint8Array.of(1))
    expect((await take(await server.next(), 1)).length).toBe(1)
    for (const socket of silent) socket.destroy()
  })

  test('stopping closes what is open', async () => {
    await using server = await listen()
    const link = await dialByWs(server.url, dialOptions)
    await server.next()
    server.stop.abort()
    expect(await all(link)).toEqual([])
    expect(await link.closed).toEqual({ code: 'stopping' })
  })

  test.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0db8:1:2::1', '2001:db8:1:2'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
  ])('the address %s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })
})
