/**
 * A certificate in files that somebody else writes: certbot, a company, a person.
 *
 *     tlsCert, tlsKey ─read, modes checked▶ Certificate      changed? ─▶ read again
 *
 * @module
 */
import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import { EffigyError } from '@effigy/core'
import { type Certificate, readCertificate } from './certificate.ts'

/** A chain of a handful, of a few KiB each. */
const maxFileBytes: number = 256 * 1024

export interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

/** Throws `EffigyError` 'tls-…' with one sentence that says what to do. */
export function readCertificateFiles({ cert, key }: CertificateFiles, nowMs: number): Certificate {
  const read = readCertificate(readPem(cert, 'tlsCert', false), readPem(key, 'tlsKey', true), nowMs)
  if (read.ok) return read.value
  const { code, message } = read.error
  throw new EffigyError(
    code,
    `the certificate ${cert} (tlsCert, with the key ${key}) cannot be used: ${message}`,
  )
}

function readPem(path: string, setting: string, isSecret: boolean): string {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new EffigyError('tls-missing', `there is no file ${path}; look at ${setting}`, { cause })
    }
    const message = `${path} (${setting}) cannot be read by the user that the hub runs as: give its group the right to, or copy it where the hub may read`
    throw new EffigyError('tls-unreadable', message, { cause })
  }
  try {
    const { mode, size } = fstatSync(file)
    if (isSecret && process.platform !== 'win32' && (mode & 0o007) !== 0) {
      const octal = (mode & 0o777).toString(8)
      const message = `everybody on this machine can read the key ${path} (${setting}, mode ${octal}): chmod 640 it, and get a new one if others use this machine`
      throw new EffigyError('tls-exposed', message)
    }
    if (size > maxFileBytes)
      throw new EffigyError('tls-too-large', `${path} (${setting}) is too large to be PEM`)
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (cause instanceof EffigyError) throw cause
    throw new EffigyError('tls-unreadable', `${path} (${setting}) cannot be read`, { cause })
  } finally {
    closeSync(file)
  }
}

/** Another text whenever one of the files is another one, or was written; links are followed. */
export function stampOf({ cert, key }: CertificateFiles): string {
  return [cert, key].map(stampOfFile).join(' ')
}

function stampOfFile(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path)
    return [ino, size, mtimeMs, ctimeMs].join('.')
  } catch {
    return 'none'
  }
}
