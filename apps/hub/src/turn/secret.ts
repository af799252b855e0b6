/**
 * The secret that the hub shares with coturn: a file of one line that nobody else may read. Never logged (T22).
 *
 *     turnSecretFile ─mode, owner, form▶ secret
 *
 * It belongs to the hub's user. Root, who writes coturn's file, takes that to be whom the folder of the secret belongs to.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { closeSync, constants, fchownSync, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { err, ok, type Result } from '@effigy/core'

/** `message` names the path and what to do, never what is in the file. */
export interface SecretFault {
  readonly code: 'secret-absent' | 'secret-unreadable' | 'secret-exposed' | 'secret-form'
  readonly message: string
}

/** Nothing that coturn's file of settings would read otherwise. */
const form = /^[A-Za-z0-9_+/=-]{32,256}$/

const maxBytes = 512

export function readTurnSecret(path: string): Result<string, SecretFault> {
  let file: number
  try {
    // A pipe without a writer would wait for ever.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ENOENT'
      ? fault('secret-absent', `There is no file ${path}: "hub turn config" makes it.`)
      : fault('secret-unreadable', `${path} cannot be read. Look at its permissions.`)
  }
  try {
    const { mode, uid } = fstatSync(file)
    if (process.platform !== 'win32' && ((mode & 0o077) !== 0 || !isOurs(uid, path))) {
      return fault(
        'secret-exposed',
        `${path} may be read or changed by others: it must belong to the hub's user, with "chmod 600 ${path}".`,
      )
    }
    const bytes = Buffer.alloc(maxBytes)
    const text = bytes.toString('latin1', 0, readSync(file, bytes, 0, maxBytes, 0)).trim()
    return form.test(text)
      ? ok(text)
      : fault(
          'secret-form',
          `${path} must hold one line of 32 to 256 letters, digits or any of _+/=-, and nothing else.`,
        )
  } catch {
    return fault('secret-unreadable', `${path} cannot be read.`)
  } finally {
    closeSync(file)
  }
}

/** Whoever owns the folder could put another file there anyway. */
function isOurs(uid: number, path: string): boolean {
  const self = process.getuid?.()
  return (
    self === undefined || uid === self || uid === 0 || (self === 0 && uid === statSync(dirname(path)).uid)
  )
}

/** Writes a new one where there is none; made by root, it belongs to whom its folder belongs to. Throws the system's error. */
export function createTurnSecret(path: string): string {
  const secret = randomBytes(32).toString('base64url')
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, `${secret}\n`)
    if (process.getuid?.() === 0) {
      const { uid, gid } = statSync(dirname(path))
      fchownSync(file, uid, gid)
    }
  } finally {
    closeSync(file)
  }
  return secret
}

const fault = (code: SecretFault['code'], message: string): Result<never, SecretFault> =>
  err({ code, message })
