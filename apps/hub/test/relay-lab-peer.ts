/**
 * Runs in a network of its own (relay-lab.ts): sends every datagram back, and says what came.
 *
 * @module
 */
import { createSocket } from 'node:dgram'

for (const [type, any] of [
  ['udp4', '0.0.0.0'],
  ['udp6', '::'],
] as const) {
  const socket = createSocket({ type, ipv6Only: type === 'udp6' })
  socket.on('message', (data, { address, port }) => {
    process.stdout.write(`${data}\n`)
    socket.send(data, port, address)
  })
  socket.bind(7, any, () => process.stdout.write(`ready ${type}\n`))
}
