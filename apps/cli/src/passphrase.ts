/**
 * Where a passphrase comes from: a file, standard input, a person at a terminal; never an argument.
 *
 *     --passphrase-file FILE|- > EFFIGY_PASSPHRASE_FILE > the terminal, without echo
 *
 * @module
 */
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { maxPassphraseLineBytes, passphraseOfLine, readPassphraseFile } from '@effigy/peer/node'
import type { Context, Io } from './context.ts'
import { failure } from './failure.ts'
import { vaultSay as say } from './messages/index.ts'

/** Asks until the vault is open; see `NodePeerOptions.passphrase`. */
export type AskPassphrase = (attempt: number) => Promise<string | null>

/** Times that a person is asked. */
const maxAttempts = 3

const passphraseVariable = 'EFFIGY_PASSPHRASE_FILE'

/** What opens the vault of a home. A file is not asked twice. */
export function passphraseSource(io: Io, option: string | undefined): AskPassphrase {
  const path = passphraseFile(io, option)
  return async (attempt) => {
    if (path !== null) return attempt === 0 ? await readPassphrase(io, path) : null
    if (!isTerminal(io) || attempt >= maxAttempts) return null
    return await askHidden(io, attempt === 0 ? say.ask : say.askAgain)
  }
}

/** The file that was named, or null: then a person is asked. */
export function passphraseFile(io: Pick<Io, 'env'>, option: string | undefined): string | null {
  return option || io.env[passphraseVariable] || null
}

/** A new passphrase; twice from a person, who cannot see what they type. Throws `passphrase-needed`, `passphrase-differs`. */
export async function newPassphrase(
  { io }: Pick<Context, 'io'>,
  path: string | null,
  of: 'home' | 'backup',
): Promise<string> {
  if (path !== null) return await readPassphrase(io, path)
  if (!isTerminal(io)) throw failure('passphrase-needed', of)
  const typed = await askHidden(io, of === 'home' ? say.askNew : say.askBackup)
  if ((await askHidden(io, say.askRepeat)) !== typed) throw failure('passphrase-differs')
  return typed
}

/** That of a backup. Throws `passphrase-needed`. */
export async function backupPassphrase({ io }: Pick<Context, 'io'>, path: string | null): Promise<string> {
  if (path !== null) return await readPassphrase(io, path)
  if (!isTerminal(io)) throw failure('passphrase-needed', 'backup')
  return await askHidden(io, say.askOfBackup)
}

/** The first line of a file, or of standard input for `-`, whose other lines are the command's. */
async function readPassphrase(io: Io, path: string): Promise<string> {
  return path === '-' ? passphraseOfLine(await firstStdinLine(io), say.stdin) : readPassphraseFile(path)
}

const newline = 0x0a

async function firstStdinLine({ stdin, signal }: Io): Promise<Uint8Array> {
  let held: Uint8Array = new Uint8Array(0)
  const ended = Promise.withResolvers<null>()
  const stop = (): void => ended.reject(signal.reason as Error)
  const end = (): void => ended.resolve(null)
  stdin.on('end', end).on('error', end)
  signal.addEventListener('abort', stop, { once: true })
  try {
    for (;;) {
      signal.throwIfAborted()
      const piece = stdin.read() as Uint8Array | string | null
      if (piece !== null) held = Buffer.concat([held, typeof piece === 'string' ? Buffer.from(piece) : piece])
      const at = held.indexOf(newline)
      if (at >= 0) {
        if (at + 1 < held.length) stdin.unshift(Buffer.from(held.subarray(at + 1)))
        return held.subarray(0, at)
      }
      if (held.length > maxPassphraseLineBytes || stdin.readableEnded) return held
      if (piece !== null) continue
      const more = Promise.withResolvers<true>()
      stdin.once('readable', () => more.resolve(true))
      if ((await Promise.race([more.promise, ended.promise])) === null) return held
    }
  } finally {
    stdin.off('end', end).off('error', end)
    signal.removeEventListener('abort', stop)
  }
}

function isTerminal({ stdin, stderr }: Io): boolean {
  return stdin.isTTY === true && stderr.isTTY === true
}

/** A line that nobody sees. Throws `declined` at Ctrl-C and at the end of input. */
export async function askHidden({ stdin, stderr, signal }: Io, question: string): Promise<string> {
  signal.throwIfAborted()
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() })
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true, historySize: 0 })
  // The terminal echoes nothing from here on.
  stderr.write(question)
  try {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    lines.question('', resolve)
    for (const end of ['SIGINT', 'close']) lines.once(end, () => reject(failure('declined')))
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    return await promise
  } finally {
    lines.close()
    stderr.write('\n')
  }
}
