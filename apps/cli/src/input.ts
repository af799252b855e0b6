/**
 * What comes in from outside: standard input, files, answers of a person.
 *
 *     "-" ─readText▶ text        FILE ─fileChunks▶ bytes, piece by piece
 *
 * @module
 */
import { createReadStream, type Stats, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseUtf8 } from '@effigy/core'
import type { Context } from './context.ts'
import { failure } from './failure.ts'
import { say } from './messages/index.ts'

/** Bytes: more than any note may have, so that the note's own bound speaks. */
const maxTextBytes: number = 256 * 1024

/** All of standard input as text, without the newline at its end. Throws `text-not-utf8`, `text-too-long`. */
export async function readStdinText(context: Context): Promise<string> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of stdinChunks(context)) {
    length += piece.length
    if (length > maxTextBytes) throw failure('text-too-long', '256 KiB')
    pieces.push(piece)
  }
  const text = parseUtf8(Buffer.concat(pieces))
  if (text === null) throw failure('text-not-utf8')
  return text.replace(/\r?\n$/, '')
}

/** The text itself, or standard input for `-`. */
export async function readText(context: Context, typed: string): Promise<string> {
  return typed === '-' ? await readStdinText(context) : typed
}

/** The lines of standard input as they come; empty ones are left out. */
export async function* stdinLines({ io, signal }: Context): AsyncGenerator<string> {
  const lines = createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY })
  const stop = () => lines.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const line of lines) {
      signal.throwIfAborted()
      if (line.trim() !== '') yield line
    }
    signal.throwIfAborted()
  } finally {
    signal.removeEventListener('abort', stop)
    lines.close()
  }
}

export async function* stdinChunks({ io, signal }: Context): AsyncGenerator<Uint8Array> {
  for await (const piece of io.stdin) {
    signal.throwIfAborted()
    yield typeof piece === 'string' ? Buffer.from(piece) : (piece as Uint8Array)
  }
}

/** A file, or standard input for `-`, piece by piece. Throws `file-absent`, `file-unreadable`. */
export async function* fileChunks(context: Context, path: string): AsyncGenerator<Uint8Array> {
  if (path === '-') {
    yield* stdinChunks(context)
    return
  }
  demandFile(path)
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      context.signal.throwIfAborted()
      yield piece as Uint8Array
    }
  } catch (cause) {
    context.signal.throwIfAborted()
    if (cause instanceof Error && 'syscall' in cause) throw failure('file-unreadable', path)
    throw cause
  }
}

/** More than any 24 words; bytes. */
const maxPhraseBytes = 4096

/** The words of an account from a file, or standard input for `-`; never echoed. Throws `text-not-utf8`, `text-too-long`, `file-…`. */
export async function readPhrase(context: Context, path: string): Promise<string> {
  if (path === '-') return (await readStdinText(context)).trim()
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of fileChunks(context, path)) {
    length += piece.length
    if (length > maxPhraseBytes) throw failure('text-too-long', '4 KiB')
    pieces.push(piece)
  }
  const text = parseUtf8(Buffer.concat(pieces))
  if (text === null) throw failure('text-not-utf8')
  return text.trim()
}

/** Throws `file-absent` unless a regular file is there. */
export function demandFile(path: string): Stats {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined || !stats.isFile()) throw failure('file-absent', path)
  return stats
}

/**
 * Asks on a terminal; elsewhere `--yes` must have been given. Throws `yes-needed`, `declined`.
 *
 * @param verb - what is about to be done, as the subject of a sentence.
 */
export async function confirm(
  context: Context,
  isSure: boolean,
  verb: string,
  question: string,
): Promise<void> {
  if (isSure) return
  if (!canAsk(context)) throw failure('yes-needed', verb)
  if (!(await askPerson(context, say.confirm(question), context.signal))) throw failure('declined')
}

/** Whether somebody is there to be asked. */
export function canAsk({ io: { stdin, stderr } }: Context): boolean {
  return stdin.isTTY === true && stderr.isTTY === true
}

/** Waits for the answer of a person at a terminal; anything but yes is no. Throws `declined` at Ctrl-C, and the signal's reason. */
export async function askPerson(context: Context, question: string, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted()
  const { stdin, stderr } = context.io
  const lines = createInterface({ input: stdin, output: stderr })
  try {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    lines.question(question, resolve)
    lines.once('close', () => resolve(''))
    // The terminal hands Ctrl-C to whoever reads it: that is no answer.
    lines.once('SIGINT', () => reject(failure('declined')))
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    return /^y(es)?$/i.test((await promise).trim())
  } finally {
    lines.close()
  }
}
