/**
 * A blob of 100 MB from one process to another, beside as many bytes over a bare WebSocket.
 *
 * @module
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cid, Identity } from '@effigy/core'
import { WebSocket } from 'ws'
import { type Figure, figure } from './figure.ts'
import { openBenchPeer } from './peers.ts'

const total = 100_000_000

interface Source {
  readonly address: string
  readonly bare: string
  readonly identity: Identity
  readonly root: Cid
}

export async function* bench(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-bench-'))
  const child = fork(new URL('blob-source.ts', import.meta.url), [join(folder, 'source'), String(total)])
  try {
    const [source] = (await once(child, 'message')) as [Source]
    const bare = await bareSeconds(source.bare)
    await using receiver = await openBenchPeer(join(folder, 'receiver'))
    const { peer, store } = receiver
    store.watchFeed(source.identity, { depth: { type: 'all' }, blobs: { type: 'all' } })
    const idle = process.memoryUsage.rss()
    const started = performance.now()
    const signal = AbortSignal.timeout(120_000)
    peer.connect(source.address)
    await peer.fetchBlob(source.root, { signal })
    const seconds = (performance.now() - started) / 1000
    yield figure('blob of 100 MB', total / 1e6 / seconds, 'MB/s', {
      ratio: bare / seconds,
      of: 'the same bytes over a bare ws',
    })
    yield figure(
      'blob of 100 MB, peak memory over idle',
      (process.resourceUsage().maxRSS * 1024 - idle) / 1e6,
      'MB',
    )
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function bareSeconds(address: string): Promise<number> {
  const socket = new WebSocket(address, { perMessageDeflate: false })
  let received = 0
  const started = performance.now()
  socket.on('message', (data: Buffer) => {
    received += data.length
  })
  await once(socket, 'close')
  if (received < total) throw new Error(`only ${received} bytes came`)
  return (performance.now() - started) / 1000
}
