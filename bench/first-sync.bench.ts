/**
 * The first sync of 100,000 entries from one process to a fresh one over a loopback WebSocket:
 * in 2,000 feeds, and in one.
 *
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBase64url, identityKey } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { type CorpusFeed, makeCorpus } from './corpus.ts'
import { type Figure, figure } from './figure.ts'
import { nativeVerifyRate } from './native-verify.ts'
import { prepareSource } from './prepare-source.ts'
import { rawInsertSeconds } from './raw-copy.ts'
import type { ReceiverResult } from './sync-receiver.ts'

const total = 100_000

export async function* bench(): AsyncGenerator<Figure> {
  const verifyRate = await nativeVerifyRate(2)
  for (const authors of [2_000, 1]) yield* firstSync(authors, verifyRate)
}

async function* firstSync(authors: number, verifyRate: number): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-bench-'))
  const children: ChildProcess[] = []
  try {
    const corpus = await makeCorpus(createNodeCrypto(), {
      authors,
      entriesEach: total / authors,
      seed: 'sync',
    })
    prepareSource(join(folder, 'source'), corpus)
    const source = start('sync-source.ts', [join(folder, 'source')], children)
    const [{ address }] = (await once(source, 'message')) as [{ address: string }]
    const receiver = start('sync-receiver.ts', [address, join(folder, 'receiver'), String(total)], children)
    await once(receiver, 'message')
    const keys = corpus.map(({ identity }) => encodeBase64url(identityKey(identity)))
    receiver.send(keys)
    const exit = once(receiver, 'exit')
    const [result] = (await once(receiver, 'message')) as [ReceiverResult]
    // It holds the lock of its store until then.
    await exit
    const received = join(folder, 'receiver', 'main.sqlite')
    const raw = rawInsertSeconds(received, join(folder, 'raw.sqlite'), [])
    const together = rawInsertSeconds(received, join(folder, 'together.sqlite'), [], 'together')
    const name = `first sync, ${authors} feed${authors === 1 ? '' : 's'}`
    const payload = corpus.reduce((sum, feed) => sum + payloadBytes(feed), 0)
    yield figure(name, total / result.cpu, 'entries/receiver CPU s', {
      ratio: raw / result.cpu,
      of: 'raw node:sqlite inserts of the same rows, table by table',
    })
    yield figure(`${name}, of inserts as they come`, total / result.cpu, 'entries/receiver CPU s', {
      ratio: together / result.cpu,
      of: 'raw node:sqlite inserts of the same rows, 1,000 entries with all their rows a transaction',
    })
    yield figure(`${name}, wall`, total / result.wall, 'entries/s')
    yield figure(`${name}, over the payload`, (result.receivedBytes - payload) / total, 'bytes/entry')
    yield figure(`${name}, peak memory over idle`, result.memory / 1e6, 'MB')
    yield figure(`${name}, the same with the signatures`, result.memoryChecked / 1e6, 'MB')
    yield figure(`${name}, longest stretch of one turn`, result.longestMs, 'ms')
    yield figure(`${name}, the same, 99 of 100`, result.longMs, 'ms')
    yield figure(`${name}, signatures behind it`, total / result.verifyWall, 'signatures/s', {
      ratio: total / result.verifyWall / verifyRate,
      of: 'native verify on the same threads',
    })
  } finally {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

function payloadBytes({ entries, bodies }: CorpusFeed): number {
  let bytes = 0
  for (const { entry } of entries) {
    const body = bodies.get(entry.payload as never)
    bytes += body?.length ?? Buffer.byteLength(entry.payload)
  }
  return bytes
}

function start(file: string, options: readonly string[], children: ChildProcess[]): ChildProcess {
  const child = fork(new URL(file, import.meta.url), options, { execArgv: ['--expose-gc'] })
  children.push(child)
  return child
}
