/** What slow readers of answers hold of the hub's memory, and for how long (T16). */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { silentLog } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { expect, onTestFinished, test } from 'vitest'
import type { Answer } from './answer.ts'
import { createHttpServer, listen } from './server.ts'
import { answerMs, maxUnsentBytes } from './unsent.ts'

/** More than the system takes of it by itself; four are as many as there may be. */
const body = 'a'.repeat(maxUnsentBytes / 4)

async function world(bodyOf: () => Answer['body'] = () => body) {
  const clock = createFakeClock()
  const http = createHttpServer({
    ...{
      places: { connections: 100, waiting: 64 },
      trustProxy: true,
      isSecure: false,
      clock,
      log: silentLog,
    },
    answer: () => ({ status: 200, type: 'application/octet-stream', body: bodyOf() }),
  })
  const port = await listen(http, { host: '127.0.0.1', port: 0 })
  const sockets: Socket[] = []
  onTestFinished(() => {
    http.refuse()
    http.server.closeAllConnections()
    for (const socket of sockets) socket.destroy()
  })

  /** Has the beginning of an answer, and reads no further. */
  async function ask(address: string) {
    const socket = connect(port, '127.0.0.1')
    sockets.push(socket)
    socket.on('error', () => {})
    socket.write(`GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: ${address}\r\n\r\n`)
    const [first] = (await once(socket, 'data')) as [Buffer]
    socket.pause()
    let length = first.length
    return {
      leave: () => void socket.destroy(),
      /** Whether all of it comes. */
      async isWhole(): Promise<boolean> {
        const { promise, resolve } = Promise.withResolvers<boolean>()
        socket.on('close', () => resolve(false))
        socket.on('data', (piece: Buffer) => {
          length += piece.length
          if (length > body.length) resolve(true)
        })
        socket.resume()
        return promise
      },
    }
  }
  return { clock, ask }
}

test('[T16] above the bound whoever holds most loses their oldest answer; what was read counts no more', async () => {
  const { ask } = await world()
  const many = [await ask('192.0.2.1'), await ask('192.0.2.1'), await ask('192.0.2.1')] as const
  const bob = await ask('192.0.2.2')
  const carol = await ask('192.0.2.3')
  expect(await many[0].isWhole()).toBe(false)
  expect(await bob.isWhole()).toBe(true)
  // Bob's place is free.
  const dave = await ask('192.0.2.4')
  const rest = [many[1], many[2], carol, dave]
  expect(await Promise.all(rest.map((one) => one.isWhole()))).toEqual([true, true, true, true])
})

test('[T16] an answer that is not read in its time is cut, however often a little is taken', async () => {
  const { ask, clock } = await world()
  const [read, late] = [await ask('192.0.2.1'), await ask('192.0.2.2')]
  await clock.advance(answerMs - 1)
  expect(await read.isWhole()).toBe(true)
  await clock.advance(1)
  expect(await late.isWhole()).toBe(false)
})

test('[T16] what everybody is given is held once, however many read it', async () => {
  const shared = Buffer.from(body)
  const { ask } = await world(() => shared)
  const readers = []
  for (let at = 0; at < 6; at++) readers.push(await ask(`192.0.2.${at}`))
  expect(await Promise.all(readers.map((one) => one.isWhole()))).toEqual(Array(6).fill(true))
})

test('[T16] [W33] pieces are made as fast as they are read, and no more of them once the reader has gone', async () => {
  const piece = Buffer.alloc(64 * 1024, 1)
  const ended = Promise.withResolvers<void>()
  let made = 0
  async function* pieces() {
    try {
      for (; made * piece.length < body.length; made++) yield piece
    } finally {
      ended.resolve()
    }
  }
  const { ask } = await world(pieces)
  const whole = await ask('192.0.2.1')
  expect(made * piece.length).toBeLessThan(body.length)
  expect(await whole.isWhole()).toBe(true)
  made = 0
  const left = await ask('192.0.2.1')
  left.leave()
  await ended.promise
  expect(made * piece.length).toBeLessThan(body.length)
})
