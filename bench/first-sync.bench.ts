/**
 * The first sync of 100,000 entries from one process to a fresh one over a loopback WebSocket:
 * in 2,000 feeds, and in one. Figures are medians of the rounds, and of the ratios within each; of memory and bytes the most.
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
import { type Figure, figure, median } from './figure.ts'
import { nativeVerifyRate } from './native-verify.ts'
import { prepareSource } from './prepare-source.ts'
import { rawInsertSeconds } from './raw-copy.ts'
import type { ReceiverResult } from './sync-receiver.ts'

const total = 100_000

/** Each with its own limits beside it, measured right after it. */
const rounds = 5

export async function* bench(): AsyncGenerator<Figure> {
  for (const authors of [2_000, 1]) yield* firstSync(authors)
}

interface Round extends ReceiverResult {
  /** CPU seconds of the same rows, by themselves. */
  readonly raw: number
  readonly together: number
  /** Native signatures a second. */
  readonly verifyRate: number
}

async function* firstSync(authors: number): AsyncGenerator<Figure> {
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
    const keys = corpus.map(({ identity }) => encodeBase64url(identityKey(identity)))
    const taken: Round[] = []
    for (let at = 0; at < rounds; at++) {
      taken.push(await round(join(folder, `${at}`), address, keys, children))
      rmSync(join(folder, `${at}`), { recursive: true })
    }
    const payload = corpus.reduce((sum, feed) => sum + payloadBytes(feed), 0)
    yield* figuresOf(authors, taken, payload)
  } finally {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function round(
  folder: string,
  address: string,
  keys: readonly string[],
  children: ChildProcess[],
): Promise<Round> {
  const receiver = start('sync-receiver.ts', [address, folder, String(total)], children)
  await once(receiver, 'message')
  receiver.send(keys)
  const exit = once(receiver, 'exit')
  const [result] = (await once(receiver, 'message')) as [ReceiverResult]
  // It holds the lock of its store until then.
  await exit
  const received = join(folder, 'main.sqlite')
  return {
    ...result,
    raw: rawInsertSeconds(received, join(folder, 'raw.sqlite'), []),
    together: rawInsertSeconds(received, join(folder, 'together.sqlite'), [], 'together'),
    verifyRate: await nativeVerifyRate(2),
  }
}

function* figuresOf(authors: number, taken: readonly Round[], payload: number): Generator<Figure> {
  const of = (value: (round: Round) => number): number => median(taken.map(value))
  const most = (value: (round: Round) => number): number => Math.max(...taken.map(value))
  const name = `first sync, ${authors} feed${authors === 1 ? '' : 's'}`
  const rate = of(({ cpu }) => total / cpu)
  yield figure(name, rate, 'entries/receiver CPU s', {
    ratio: of(({ raw, cpu }) => raw / cpu),
    of: 'raw node:sqlite inserts of the same rows, table by table',
  })
  yield figure(`${name}, of inserts as they come`, rate, 'entries/receiver CPU s', {
    ratio: of(({ together, cpu }) => together / cpu),
    of: 'raw node:sqlite inserts of the same rows, 1,000 entries with all their rows a transaction',
  })
  yield figure(
    `${name}, wall`,
    of(({ wall }) => total / wall),
    'entries/s',
  )
  yield figure(
    `${name}, over the payload`,
    most(({ receivedBytes }) => (receivedBytes - payload) / total),
    'bytes/entry',
  )
  yield figure(`${name}, peak memory over idle`, most(({ memory }) => memory) / 1e6, 'MB')
  yield figure(
    `${name}, the same with the signatures`,
    most(({ memoryChecked }) => memoryChecked) / 1e6,
    'MB',
  )
  yield figure(
    `${name}, longest stretch of one turn`,
    of(({ longestMs }) => longestMs),
    'ms',
  )
  yield figure(
    `${name}, the same, 99 of 100`,
    of(({ longMs }) => longMs),
    'ms',
  )
  yield figure(
    `${name}, signatures behind it`,
    of(({ verifyWall }) => total / verifyWall),
    'signatures/s',
    {
      ratio: of(({ verifyWall, verifyRate }) => total / verifyWall / verifyRate),
      of: 'native verify on the same threads',
    },
  )
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
