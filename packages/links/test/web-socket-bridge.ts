/**
 * The Node half of the browser tests: a server that joins the two sockets of a room, for pages that want both ends of a link.
 *
 *     page: dial /room ─▶ link ─┐ frames, ends and their codes, back-pressure
 *     page: dial /room ─▶ link ─┘
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Link, systemClock } from '@effigy/sync'
import type { TestProject } from 'vitest/node'
import { acceptWebSockets, httpServerLimits } from '../src/node.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** `ws:` address; pages put `?room=…` behind it. */
    readonly webSocketBridge: string | undefined
  }
}

const never = new AbortController().signal

/** For `globalSetup` of vitest; gives what ends it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stop = new AbortController()
  const server = createServer(httpServerLimits)
  const rooms: string[] = []
  const waiting = new Map<string, Link>()
  server.prependListener('upgrade', ({ url = '' }) => void rooms.push(url))
  acceptWebSockets(server, {
    path: '/bridge',
    maxConnections: 200,
    maxPerAddress: 200,
    clock: systemClock,
    onLink(link) {
      const room = rooms.shift() ?? ''
      const other = waiting.get(room)
      if (other === undefined) {
        waiting.set(room, link)
        return
      }
      waiting.delete(room)
      void carry(link, other)
      void carry(other, link)
    },
    signal: stop.signal,
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  project.provide('webSocketBridge', `ws://127.0.0.1:${port}/bridge`)
  return async () => {
    stop.abort()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
}

async function carry(from: Link, to: Link): Promise<void> {
  for await (const frame of from.receive()) {
    to.send(frame)
    if (to.bufferedBytes > 1024 * 1024) await to.drained(never)
  }
  to.close((await from.closed).code)
}
