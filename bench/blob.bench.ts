/**
 * A blob of 100 MB from one process to another that is connected to it, beside two bare WebSockets: one that throws
 * the bytes away, which no receiver that keeps them can reach, and one that takes a file from disk to disk and hashes it.
 * The last figure is that of what a receiver cannot leave out: the bare WebSocket, and each byte opened, hashed, and
 * written once by SQLite, one after the other.
 *
 * @module
 */
import { fork } from 'node:child_process'
import { hash, randomFillSync } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as rest } from 'node:timers/promises'
import type { Cid, Identity } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { freeBytes } from '@effigy/sync'
import { WebSocket } from 'ws'
import { type Figure, figure } from './figure.ts'
import { openBenchPeer } from './peers.ts'

const total = 100_000_000
const blockBytes = 256 * 1024

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
    store.watchFeed(source.identity, { depth: { type: 'all' }, blobs: { type: 'none' } })
    const signal = AbortSignal.timeout(120_000)
    peer.connect(source.address)
    while (store.feed(source.identity)?.heldCount !== 1) await rest(10)
    const idle = process.memoryUsage.rss()
    const started = performance.now()
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
    yield figure('blob of 100 MB, beside its parts', megabytesPerSecond, 'MB/s', {
      ratio: (bare + partSeconds(join(folder, 'parts'))) / seconds,
      of: 'a bare ws, then opened, hashed, and written once by SQLite',
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

/** What has to be done to each byte that came. */
function partSeconds(path: string): number {
  const { seal, open } = createNodeCrypto()
  const key = randomFillSync(new Uint8Array(32))
  const nonce = new Uint8Array(12)
  const nothing = new Uint8Array(0)
  const sealed = seal(key, nonce, nothing, randomFillSync(new Uint8Array(blockBytes)))
  const db = new DatabaseSync(path)
  db.exec('pragma page_size = 16384; pragma journal_mode = persist; pragma synchronous = full')
  db.exec('pragma cache_size = -32768; create table blocks (id integer primary key, bytes blob not null)')
  const insert = db.prepare('insert into blocks values (?, ?)')
  const started = performance.now()
  for (let done = 0; done < total; done += blockBytes) {
    if (done % (32 * blockBytes) === 0) db.exec(done === 0 ? 'begin' : 'commit; begin')
    const block = open(key, nonce, nothing, sealed) ?? nothing
    hash('sha256', block)
    insert.run(done, block)
    freeBytes(block)
  }
  db.exec('commit')
  const seconds = (performance.now() - started) / 1000
  db.close()
  return seconds
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
