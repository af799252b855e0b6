/** The browser's own WebSocket, both ends, over a server of Node's (`../test/web-socket-bridge.ts`). */
import { systemClock } from '@effigy/sync'
import { describe, expect, inject, test } from 'vitest'
import { linkContract } from '../test/contract.ts'
import { dialWebSocket } from './websocket.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly webSocketBridge: string | undefined
  }
}

const bridge = inject('webSocketBridge')
const options = { clock: systemClock, signal: new AbortController().signal }
let rooms = 0

const why = bridge === undefined ? ' (left out: the server of globalSetup was not started)' : ''

describe.skipIf(bridge === undefined)(`WebSockets in a page${why}`, () => {
  linkContract(
    async () => {
      const url = `${bridge}?room=${++rooms}`
      const links = [await dialWebSocket(url, options), await dialWebSocket(url, options)] as const
      return {
        links,
        async [Symbol.asyncDispose]() {
          for (const link of links) link.close()
        },
      }
    },
    { slowsSenderDown: false, unread: 12 },
  )

  test('a port where nobody listens is unreachable', async () => {
    await expect(dialWebSocket('ws://127.0.0.1:9/x', options)).rejects.toMatchObject({ code: 'unreachable' })
  })
})
