/**
 * A blob of 100 MB from one process to another that is connected to it, several times, each time beside bare WebSockets:
 * two that throw the bytes away, in frames of 64 KiB as most programs send them and of 256 KiB as ours are, which no
 * receiver that keeps them can reach, and one that takes a file from disk to disk and hashes it. One more figure is that of
 * what a receiver cannot leave out: the bare WebSocket, and each byte opened, hashed, and written once by SQLite, one
 * after the other.
 *
 * Figures are medians of the rounds, and of the ratios within each: others use the machine, and what they take they take from both.
 *
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process'
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
import { cpuSeconds, type Figure, figure, median } from './figure.ts'
import { peakMemory, resetPeakMemory } from './peak-memory.ts'
import { openBenchPeer } from './peers.ts'

const total = 100_000_000
const blockBytes = 256 * 1024
const rounds = 7

interface Source {
  readonly address: string
  readonly bare: string
  readonly identity: Identity
  readonly root: Cid
}

/** Seconds, and the processor's of both sides, all threads. */
interface Cost {
  readonly seconds: number
  readonly receiverCpu: number
  readonly sourceCpu: number
}

interface Round {
  readonly short: Cost
  readonly long: Cost
  readonly file: Cost
  readonly blob: Cost
  readonly parts: number
  /** Bytes above what the process held before the transfer. */
  readonly peak: number
}

export async function* bench(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-bench-'))
  const child = fork(new URL('blob-source.ts', import.meta.url), [join(folder, 'source'), String(total)])
  try {
    const [source] = (await once(child, 'message')) as [Source]
    const done: Round[] = []
    while (done.length < rounds) done.push(await round(source, child, join(folder, String(done.length))))
    yield* figures(done)
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function round(source: Source, child: ChildProcess, folder: string): Promise<Round> {
  const costs = (work: () => Promise<void>): Promise<Cost> => measure(child, work)
  await using receiver = await openBenchPeer(folder)
  const { peer, store } = receiver
  store.watchFeed(source.identity, { depth: { type: 'all' }, blobs: { type: 'none' } })
  const signal = AbortSignal.timeout(120_000)
  peer.connect(source.address)
  while (store.feed(source.identity)?.heldCount !== 1) await rest(10)
  const idle = resetPeakMemory()
  const blob = await costs(() => peer.fetchBlob(source.root, { signal }))
  // What a bare WebSocket leaves to the collector comes after it.
  const peak = peakMemory() - idle
  const short = await costs(() => receiveBare(`${source.bare}short`, () => undefined))
  const long = await costs(() => receiveBare(`${source.bare}long`, () => undefined))
  const file = await costs(() => receiveFile(`${source.bare}file`, join(folder, 'bare')))
  const parts = long.seconds + partSeconds(join(folder, 'parts'))
  return { short, long, file, blob, parts, peak }
}

function* figures(done: readonly Round[]): Generator<Figure> {
  const speed = total / 1e6 / median(done.map(({ blob }) => blob.seconds))
  const beside = (of: string, name: string, seconds: (round: Round) => number): Figure =>
    figure(name, speed, 'MB/s', { ratio: median(done.map((one) => seconds(one) / one.blob.seconds)), of })
  const thrown = 'the same bytes over a bare ws, thrown away'
  yield beside(thrown, 'blob of 100 MB', ({ short }) => short.seconds)
  yield beside(
    `${thrown}, in frames as long as ours`,
    'blob of 100 MB, long frames',
    (one) => one.long.seconds,
  )
  yield beside(
    'a file over a bare ws, hashed and synced to disk',
    'blob of 100 MB, kept',
    (one) => one.file.seconds,
  )
  yield beside(
    'a bare ws, then opened, hashed, and written once by SQLite',
    'blob of 100 MB, beside its parts',
    ({ parts }) => parts,
  )
  const least = (seconds: (round: Round) => number): number => Math.min(...done.map(seconds))
  const best = least(({ blob }) => blob.seconds)
  yield figure(`blob of 100 MB, best of ${done.length}`, total / 1e6 / best, 'MB/s', {
    ratio: least(({ short }) => short.seconds) / best,
    of: `the best of as many, ${thrown}`,
  })
  for (const side of ['receiver', 'source'] as const) {
    const cpu = (cost: Cost): number => (side === 'receiver' ? cost.receiverCpu : cost.sourceCpu)
    yield figure(
      `blob of 100 MB, processor time of the ${side}`,
      median(done.map(({ blob }) => cpu(blob))),
      's',
      {
        ratio: median(done.map(({ short, blob }) => cpu(short) / cpu(blob))),
        of: thrown,
      },
    )
  }
  const peak = Math.max(...done.map((one) => one.peak))
  yield figure('blob of 100 MB, peak memory over idle', peak / 1e6, 'MB')
}

async function measure(child: ChildProcess, work: () => Promise<void>): Promise<Cost> {
  const sourceBefore = await sourceCpu(child)
  const before = cpuSeconds()
  const started = performance.now()
  await work()
  const seconds = (performance.now() - started) / 1000
  const receiverCpu = cpuSeconds() - before
  return { seconds, receiverCpu, sourceCpu: (await sourceCpu(child)) - sourceBefore }
}

async function sourceCpu(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message')
  child.send('cpu')
  const [seconds] = (await answer) as [number]
  return seconds
}

/** Hashed piece by piece, as blocks are, and on the medium at the end. */
async function receiveFile(address: string, path: string): Promise<void> {
  const file = openSync(path, 'w')
  await receiveBare(address, (piece) => {
    hash('sha256', piece)
    writeSync(file, piece)
  })
  fdatasyncSync(file)
  closeSync(file)
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

async function receiveBare(address: string, take: (piece: Buffer) => void): Promise<void> {
  const socket = new WebSocket(address, { perMessageDeflate: false })
  let received = 0
  socket.on('message', (data: Buffer) => {
    received += data.length
    take(data)
  })
  await once(socket, 'close')
  if (received < total) throw new Error(`only ${received} bytes came`)
}
