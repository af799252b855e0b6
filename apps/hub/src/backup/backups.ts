/**
 * Backups of a hub that runs: one at a time, for the command line through a socket, for administration in the process.
 *
 *     hub backup ─▶ HOME/hub.sock (0600) ─GET /backup▶ tar, as fast as it is taken
 *
 * The command writes the file, with the rights and on the disk of whoever gave it; the hub only reads.
 *
 * @module
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { EffigyError } from '@effigy/core'
import type { Log } from '@effigy/sync'
import { listenLocally } from '../http/local-socket.ts'
import { type BackupSource, sweepBackups, type WriteBackupOptions, writeHubBackup } from './write-backup.ts'

export interface Backups {
  readonly isRunning: boolean
  /** As `writeHubBackup`; throws `EffigyError` 'busy' while another one is written. */
  write(options: WriteBackupOptions): AsyncGenerator<Uint8Array, void, void>
  /** Ends what is written. */
  stop(): void
}

/** Takes away what killed ones left in the home. */
export function createBackups(source: BackupSource): Backups {
  const stop = new AbortController()
  let isRunning = false
  sweepBackups(source.home)
  return {
    get isRunning() {
      return isRunning
    },
    async *write(options) {
      if (isRunning) throw new EffigyError('busy', 'Another backup is being made.')
      isRunning = true
      try {
        const signal = AbortSignal.any([options.signal, stop.signal])
        yield* writeHubBackup(source, { ...options, signal })
      } finally {
        isRunning = false
      }
    },
    stop: () => stop.abort(new EffigyError('closed', 'The hub is stopping.')),
  }
}

const socketName = 'hub.sock'
/** Who takes nothing for so long is let go, ms. */
const idleMs: number = 10 * 60 * 1000

/** A local line each; nobody needs many. */
const maxConnections = 4

/**
 * Listens in the home, whose lock the caller has. Where it cannot (a path too long for a socket), the log says so, and
 * the hub goes on without.
 */
export async function offerBackups(home: string, backups: Backups, log: Log): Promise<AsyncDisposable> {
  const server = createServer((asked, answer) => {
    respond(backups, asked, answer).catch((error: unknown) => {
      log.warn('backup.failed', { code: error instanceof EffigyError ? error.code : 'unexpected' })
      answer.destroy()
    })
  })
  server.maxConnections = maxConnections
  const socket = await listenLocally(server, join(home, socketName), (code) =>
    log.warn('backup.unreachable', { code }),
  )
  return {
    async [Symbol.asyncDispose]() {
      backups.stop()
      await socket[Symbol.asyncDispose]()
    },
  }
}

async function respond(backups: Backups, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(asked.url ?? '/', 'http://hub')
  if (asked.method !== 'GET' || pathname !== '/backup') return end(answer, 404, 'unknown')
  if (backups.isRunning) return end(answer, 409, 'busy')
  const gone = new AbortController()
  answer.once('close', () => gone.abort(new EffigyError('closed', 'Nobody takes the backup any more.')))
  const tar = backups.write({ keys: searchParams.get('keys') === '1', signal: gone.signal })
  // What fails at once is said; later, the line is cut, and whoever reads knows that it is not all.
  const first = await tar.next().catch((error: unknown) => {
    end(answer, 500, error instanceof EffigyError ? error.code : 'unexpected')
    throw error
  })
  // While it is made blocks are kept that nobody needs.
  answer.setTimeout(idleMs, () => answer.destroy())
  answer.writeHead(200, { 'Content-Type': 'application/x-tar' })
  if (first.done !== true) await pipeline(Readable.from(from(first.value, tar)), answer)
  else answer.end()
}

async function* from(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first
    yield* rest
  } finally {
    await (rest as AsyncGenerator<Uint8Array>).return(undefined)
  }
}

function end(answer: ServerResponse, status: number, code: string): void {
  answer.writeHead(status, { 'Content-Type': 'application/json' }).end(`${JSON.stringify({ error: code })}\n`)
}

/**
 * The tar of the hub that runs over that home; null when none does. Throws `EffigyError` with the hub's code, 'closed'
 * when it ends in the middle, and the signal's reason.
 */
export async function askForBackup(
  home: string,
  { keys, signal }: Pick<WriteBackupOptions, 'keys' | 'signal'>,
): Promise<AsyncIterable<Uint8Array> | null> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const asked = request({
    socketPath: join(home, socketName),
    path: `/backup?keys=${keys ? 1 : 0}`,
    agent: false,
    signal,
  })
  asked.once('response', resolve).once('error', reject).end()
  let answer: IncomingMessage
  try {
    answer = await promise
  } catch (error) {
    signal.throwIfAborted()
    const { code = '' } = error as NodeJS.ErrnoException
    if (['ENOENT', 'ECONNREFUSED', 'EINVAL', 'ENAMETOOLONG'].includes(code)) return null
    throw error
  }
  if (answer.statusCode !== 200) {
    answer.resume()
    const code = answer.statusCode === 409 ? 'busy' : 'failed'
    throw new EffigyError(
      code,
      code === 'busy' ? 'Another backup is being made.' : 'The hub could not make it; its log says why.',
    )
  }
  return whole(answer, signal)
}

async function* whole(answer: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of answer) yield piece as Uint8Array
  } catch (cause) {
    signal.throwIfAborted()
    throw new EffigyError('closed', 'The hub ended before the backup was whole.', { cause })
  }
  if (!answer.complete) throw new EffigyError('closed', 'The hub ended before the backup was whole.')
}
