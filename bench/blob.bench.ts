/**
 * A blob of 100 MB from one process to another, beside two bare WebSockets: one that throws the bytes away,
 * which no receiver that keeps them can reach, and one that takes a file from disk to disk and hashes it.
 *
 * @module
 */
import { fork } from 'node:child_process'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
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
    const bare = await bareSeconds(source.bare, () => {})
    const fileSeconds = await bareFileSeconds(`${source.bare}file`, join(folder, 'bare'))
    await using receiver = await openBenchPeer(join(folder, 'receiver'))
    const { peer, store } = receiver
    store.watchFeed(source.identity, { depth: { type: 'all' }, blobs: { type: 'all' } })
    const idle = process.memoryUsage.rss()
    const started = performance.now()
    const signal = AbortSignal.timeout(120_000)
    peer.connect(source.address)
    await peer.fetchBlob(source.root, { signal })
    const seconds = (performance.now() - started) / 1000
    const megabytesPerSecond = total / 1e6 / seconds
    yield figure('blob of 100 MB', megabytesPerSecond, 'MB/s', {
      ratio: bare / seconds,
      of: 'the same bytes over a bare ws, thrown away',
    })
    yield figure('blob of 100 MB, kept', megabytesPerSecond, 'MB/s', {
      ratio: fileSeconds / seconds,
      of: 'a file over a bare ws, hashed and synced to disk',
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

/** Hashed piece by piece, as blocks are, and on the medium at the end. */
async function bareFileSeconds(address: string, path: string): Promise<number> {
  const file = openSync(path, 'w')
  const started = performance.now()
  await bareSeconds(address, (piece) => {
    hash('sha256', piece)
    writeSync(file, piece)
  })
  fdatasyncSync(file)
  closeSync(file)
  return (performance.now() - started) / 1000
}

async function bareSeconds(address: string, take: (piece: Buffer) => void): Promise<number> {
  const socket = new WebSocket(address, { perMessageDeflate: false })
  let received = 0
  const started = performance.now()
  socket.on('message', (data: Buffer) => {
    received += data.length
    take(data)
  })
  await once(socket, 'close')
  if (received < total) throw new Error(`only ${received} bytes came`)
  return (performance.now() - started) / 1000
}
