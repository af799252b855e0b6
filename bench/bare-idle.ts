/**
 * What an idle connection costs a server that does nothing but say back what it heard once: what no session over one can be
 * smaller than (bare-ws.ts).
 *
 * @module
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { hear } from '../tools/figures/hub-process.ts'

/** Under way at a time, as many as in a crowd. */
const atOnce = 64

/** What one message of a handshake's length says, masked with zeros as a client masks. */
const payloadBytes = 900
const frame = Buffer.concat([
  Buffer.from([0x82, 0x80 | 126, payloadBytes >> 8, payloadBytes & 0xff, 0, 0, 0, 0]),
  Buffer.alloc(payloadBytes),
])

const upgrade =
  'GET / HTTP/1.1\r\nHost: bare\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'

/** Bytes of the server a connection, of `count` that are open at once. */
export async function bareIdleBytes(kind: 'ws' | 'net', count: number): Promise<number> {
  const server = fork(new URL('bare-ws.ts', import.meta.url), [kind])
  const port = await hear<number>(server)
  const memory = (): Promise<number> => {
    const answer = hear<number>(server)
    server.send('memory')
    return answer
  }
  const before = await memory()
  const sockets: Socket[] = []
  let left = count
  async function some(): Promise<void> {
    while (left-- > 0) sockets.push(await openOne(kind, port))
  }
  await Promise.all(Array.from({ length: atOnce }, some))
  const bytes = ((await memory()) - before) / count
  for (const socket of sockets) socket.destroy()
  const gone = once(server, 'exit')
  server.disconnect()
  await gone
  return bytes
}

async function openOne(kind: 'ws' | 'net', port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  if (kind === 'ws') {
    socket.write(upgrade)
    await once(socket, 'data')
  }
  socket.write(frame)
  await once(socket, 'data')
  return socket
}
