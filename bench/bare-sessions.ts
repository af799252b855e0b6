/**
 * How many WebSockets a bare server accepts in a second of its processor, each with one message of a handshake's length said
 * back: what no session over one can be cheaper than (bare-ws.ts).
 *
 * @module
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { webSocketLimits } from '@effigy/links/node'
import { WebSocket } from 'ws'
import { hear } from '../tools/figures/hub-process.ts'

export interface BareServer extends AsyncDisposable {
  /** Sockets a CPU second of the server; all are open together, as sessions are. */
  rate(count: number): Promise<number>
}

/** Under way at a time, as many as in a crowd. */
const atOnce = 64

/** Both requests and both answers of a handshake come to about as much. */
const messageBytes = 900

export async function startBareServer(): Promise<BareServer> {
  const child = fork(new URL('bare-ws.ts', import.meta.url))
  const port = await hear<number>(child)
  const usage = (): Promise<number> => {
    const answer = hear<number>(child)
    child.send('usage')
    return answer
  }
  return {
    async rate(count) {
      const before = await usage()
      const sockets: WebSocket[] = []
      let left = count
      async function some(): Promise<void> {
        while (left-- > 0) sockets.push(await openOne(port))
      }
      await Promise.all(Array.from({ length: atOnce }, some))
      const rate = count / ((await usage()) - before)
      for (const socket of sockets) socket.terminate()
      return rate
    },
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}

async function openOne(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, webSocketLimits)
  await once(socket, 'open')
  socket.send(new Uint8Array(messageBytes))
  await once(socket, 'message')
  return socket
}
