/**
 * What is remembered between runs about a certificate by ACME: one file of mode 0600 in the home.
 *
 *     acme.json { account, certificate, key, failures } ─ replaced as a whole, or not at all
 *
 * Failures are remembered too, an order from its begin on as one: a hub that is started again and again must not ask again and again, for authorities count.
 *
 * @module
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { EffigyError } from '@effigy/core'

export interface AcmeState {
  /** Whose account it is, and for which name the certificate. */
  readonly directory: string
  readonly name: string
  /** PEM. */
  readonly accountKey: string
  /** PEM, or null while there is none. */
  readonly certificate: { readonly cert: string; readonly key: string } | null
  /** In a row. */
  readonly failures: number
  /** The last order, ms since 1970; 0 for none. */
  readonly triedAt: number
}

const maxStateBytes: number = 256 * 1024

export const acmeStatePath = (home: string): string => join(home, 'acme.json')

/** Null where there is none, or what is there makes no sense. Throws `EffigyError` 'tls-exposed', 'tls-unreadable'. */
export function readAcmeState(path: string): AcmeState | null {
  let text: string
  try {
    text = readPrivate(path)
  } catch (cause) {
    if (cause instanceof EffigyError) throw cause
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new EffigyError('tls-unreadable', `${path} cannot be read`, { cause })
  }
  try {
    const value: unknown = JSON.parse(text)
    return isState(value) ? value : null
  } catch {
    return null
  }
}

function readPrivate(path: string): string {
  const file = openSync(path, 'r')
  try {
    const { mode, size } = fstatSync(file)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const message = `${path} can be read or written by others (mode ${(mode & 0o777).toString(8)}): remove it, and the hub gets a new account and certificate`
      throw new EffigyError('tls-exposed', message)
    }
    return size > maxStateBytes ? '' : readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

/** On the medium when it returns. Throws the system's error. */
export function writeAcmeState(path: string, state: AcmeState): void {
  const fresh = `${path}.new`
  // What a crash left behind may have another owner or mode: never written into.
  rmSync(fresh, { force: true })
  const file = openSync(fresh, 'wx', 0o600)
  try {
    writeFileSync(file, `${JSON.stringify(state)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(fresh, path)
  if (process.platform === 'win32') return
  const folder = openSync(dirname(path), constants.O_RDONLY)
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function isState(value: unknown): value is AcmeState {
  if (typeof value !== 'object' || value === null) return false
  const { directory, name, accountKey, certificate, failures, triedAt } = value as Record<string, unknown>
  const texts = [directory, name, accountKey]
  const numbers = [failures, triedAt]
  return (
    texts.every((text) => typeof text === 'string') &&
    numbers.every((number) => Number.isSafeInteger(number) && (number as number) >= 0) &&
    (certificate === null || isPair(certificate))
  )
}

function isPair(value: unknown): boolean {
  const { cert, key } = (value ?? {}) as Record<string, unknown>
  return typeof cert === 'string' && typeof key === 'string'
}
