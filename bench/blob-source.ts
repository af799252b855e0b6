/**
 * A process of its own that holds one large file, and sends as many bytes over a bare WebSocket when asked:
 * the same piece again and again, in frames of 64 KiB at `/short` and of 256 KiB at `/long`, or at `/file` a file piece
 * by piece. Tells its processor time when asked.
 *
 * @module
 */
import { openSync, readSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'
import { cpuSeconds } from './figure.ts'
import { listen, openBenchPeer } from './peers.ts'

const [folder = '', size = '0'] = process.argv.slice(2)
const total = Number(size)
const pieceBytes = 256 * 1024
/** Of the bare WebSocket: frames as most programs send them, and as long as ours. */
const shortBytes = 64 * 1024
const longBytes = pieceBytes

const source = await openBenchPeer(folder, { kind: 'hub' })
const { peer } = source
const random = (await import('@effigy/crypto/node')).createNodeCrypto().randomBytes

async function* content(): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < total; sent += pieceBytes) yield random(Math.min(pieceBytes, total - sent))
}

const added = await peer.addFile(content(), { signal: AbortSignal.timeout(120_000) })
await peer.publish({
  type: 'media',
  at: Date.now(),
  kind: 'document',
  blob: added.root,
  mime: 'application/octet-stream',
  bytes: added.size,
})
const { address } = await listen(peer)

const server = createServer()
const path = join(folder, 'bare')
writeFileSync(path, random(total))
const file = openSync(path, 'r')
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', async (socket, { url }) => {
  const piece = random(url === '/long' ? longBytes : shortBytes)
  for (let sent = 0; sent < total; sent += piece.length) {
    if (url === '/file') readSync(file, piece, 0, piece.length, sent)
    await new Promise<void>((resolve) => socket.send(piece, () => resolve()))
  }
  socket.close()
})
server.listen(0, '127.0.0.1', () => {
  const bare = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
  process.send?.({ address, bare, identity: peer.identity, root: added.root })
})
process.on('message', () => process.send?.(cpuSeconds()))
process.on('disconnect', () => process.exit(0))
