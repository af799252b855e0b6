/** Messages as a WebSocket carries them: what `ws` reads of what is written here. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { longestShortMessage, webSocketFrames } from './ws-frames.ts'

const lengths = [0, 1, 125, 126, 127, 255, 256, 1000, longestShortMessage]
const messages = lengths.map((length) => Uint8Array.from({ length }, (_, at) => (at * 7 + length) & 0xff))

test('a server reads what a client sent, whole and in order', async () => {
  const server = createServer()
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  const heard: Uint8Array[] = []
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const client = connect((server.address() as { port: number }).port, '127.0.0.1')
  const [socket] = await accepted
  const headers = {
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  const request = { method: 'GET', headers, socket } as never
  sockets.handleUpgrade(request, socket, Buffer.alloc(0), (opened) => {
    opened.on('message', (data: Buffer) => heard.push(new Uint8Array(data)))
  })
  client.write(webSocketFrames(messages, true))
  await expect.poll(() => heard.length).toBe(messages.length)
  expect(heard).toEqual(messages)
  client.destroy()
  server.close()
})

test('headers of a server: the length in one byte up to 125, in two above', () => {
  expect(webSocketFrames([new Uint8Array(125)], false).subarray(0, 2)).toEqual(Uint8Array.of(0x82, 125))
  expect(webSocketFrames([new Uint8Array(126)], false).subarray(0, 4)).toEqual(
    Uint8Array.of(0x82, 126, 0, 126),
  )
  const both = webSocketFrames([Uint8Array.of(1, 2), Uint8Array.of(3)], false)
  expect(both).toEqual(Uint8Array.of(0x82, 2, 1, 2, 0x82, 1, 3))
})

test('each message of a client has a mask of its own', () => {
  const same = new Uint8Array(64)
  const frames = webSocketFrames([same, same], true)
  const half = frames.length / 2
  expect(frames.subarray(2, 6)).not.toEqual(frames.subarray(half + 2, half + 6))
})
