/**
 * Sockets that begin something and do not go on: of each stage at which a connection can stop.
 *
 *     silent │ half a request │ upgraded, silent │ half a frame │ a whole request of a session, then nothing
 *
 * One that is cut comes again, as an attacker's would.
 *
 * @module
 */
import { connect, type Socket } from 'node:net'
import { memoryPair } from '@effigy/links'
import type { HubWorld } from '../hub-world.ts'
import { openAsStranger } from '../hub-world.ts'

export const stages = ['silent', 'half-request', 'upgraded', 'half-frame', 'half-handshake'] as const

export interface HalfOpen extends Disposable {
  /** Sockets that stand now. */
  readonly open: number
  /** Cut by the hub so far. */
  readonly cut: number
}

/** Ms until a socket that was cut is there again. */
const comesBackMs = 4_000

/** From so many loopback addresses: a hub takes some from each. */
const addresses = 200

/** Connects so many at a time: more would only wait in the system's queue. */
const atOnce = 250

export async function openHalf(world: HubWorld, count: number): Promise<HalfOpen> {
  const { port, identity } = world.hub
  const sockets = new Set<Socket>()
  const timers = new Set<NodeJS.Timeout>()
  const request = frameOf(await sessionRequest(identity))
  let cut = 0
  let over = false

  function open(index: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const localAddress = `127.0.${1 + Math.floor((index % addresses) / 200)}.${1 + (index % 200)}`
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    const stage = stages[index % stages.length]
    socket.on('error', () => {})
    socket.on('connect', () => {
      sockets.add(socket)
      if (stage === 'half-request') socket.write('GET /effigy/1 HTTP/1.1\r\nHost: hub')
      else if (stage !== 'silent') socket.write(upgrade)
      if (stage === 'silent' || stage === 'half-request') resolve()
    })
    socket.once('data', () => {
      if (stage === 'half-frame') socket.write(request.subarray(0, request.length / 2))
      if (stage === 'half-handshake') socket.write(request)
      resolve()
    })
    socket.on('close', () => {
      resolve()
      if (over) return
      if (sockets.delete(socket)) cut++
      const timer = setTimeout(() => {
        timers.delete(timer)
        void open(index)
      }, comesBackMs)
      timers.add(timer)
    })
    return promise
  }

  for (let index = 0; index < count; index += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - index) }, (_, at) => open(index + at))
    await Promise.all(some)
  }
  return {
    get open() {
      return sockets.size
    },
    get cut() {
      return cut
    },
    [Symbol.dispose]() {
      over = true
      for (const timer of timers) clearTimeout(timer)
      for (const socket of sockets) socket.destroy()
    },
  }
}

export const upgrade: string = `${[
  'GET /effigy/1 HTTP/1.1',
  'Host: hub.example',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
].join('\r\n')}\r\n\r\n`

/** What an honest dialler says first. */
async function sessionRequest(hub: HubWorld['hub']['identity']): Promise<Uint8Array> {
  const [mine, theirs] = memoryPair()
  const stop = new AbortController()
  const dialling = openAsStranger(mine, hub, stop.signal).catch(() => {})
  const { value, done } = await theirs.receive()[Symbol.asyncIterator]().next()
  stop.abort()
  await dialling
  if (done === true) throw new Error('the dialler said nothing')
  return value
}

/** A masked binary message with a mask of zeros. */
export function frameOf(payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(8 + payload.length)
  frame.set([0x82, 0xfe, payload.length >> 8, payload.length & 0xff])
  frame.set(payload, 8)
  return frame
}
