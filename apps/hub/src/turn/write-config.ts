/**
 * `hub turn config`: writes coturn's configuration, and the secret where there is none yet.
 *
 *     HubConfig ─▶ turnSecretFile (made once) ─▶ turnserver.conf, 0600, or standard output
 *
 * @module
 */
import { closeSync, fchmodSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { err, ok, type Result } from '@effigy/core'
import { type CoturnProblem, coturnConfig, coturnMark } from './coturn-config.ts'
import type { TurnSettings } from './options.ts'
import { createTurnSecret, readTurnSecret } from './secret.ts'

export interface WrittenConfig {
  /** For standard output: the configuration, or nothing where a file has it. */
  readonly text: string
  /** For standard error: what was made. */
  readonly notes: readonly string[]
}

/** `path` null: not into a file. Faults are sentences with what to do. */
export function writeCoturnConfig(
  settings: TurnSettings,
  path: string | null,
  ownAddresses: readonly string[],
): Result<WrittenConfig, CoturnProblem> {
  const { turnSecretFile, turnAddress } = settings
  if (turnSecretFile === null) {
    return err({
      message: 'Name a file for the secret first, like --turn-secret-file /etc/effigy/turn.secret.',
    })
  }
  // Before anything is written: nothing is left behind where the settings are wrong.
  const tried = coturnConfig({ settings, secret: '', ownAddresses })
  if (!tried.ok) return tried
  const notes: string[] = []
  let secret = readTurnSecret(turnSecretFile)
  if (!secret.ok && secret.error.code === 'secret-absent') {
    try {
      secret = ok(createTurnSecret(turnSecretFile))
    } catch (error) {
      return err({ message: `${turnSecretFile} cannot be written (${codeOf(error)}).` })
    }
    notes.push(`Made a secret in ${turnSecretFile}.`)
  }
  if (!secret.ok) return err({ message: secret.error.message })
  const config = coturnConfig({ settings, secret: secret.value, ownAddresses })
  if (!config.ok) return config
  if (turnAddress === null) {
    notes.push(
      'Two people who both need the relay do not reach each other: give its public address, --turn-address.',
    )
  }
  if (config.value.includes('\nallow-loopback-peers\n')) {
    notes.push(
      'The relay is at a loopback address: for trials on this machine, whose own services it reaches.',
    )
  }
  if (path === null) return ok({ text: config.value, notes })
  const failed = replaceFile(path, config.value)
  if (failed !== null) return err({ message: failed })
  notes.push(`Wrote ${path}. coturn must be able to read it: it may belong to its user, with mode 0600.`)
  return ok({ text: '', notes })
}

/** Keeps whom the file belongs to. Null when it is written, else why not. */
function replaceFile(path: string, text: string): string | null {
  try {
    const before = readOrNull(path)
    if (before !== null && before !== '' && !before.startsWith(coturnMark)) {
      return `${path} was not written by this command. Move it away, or name another file.`
    }
    const file = openSync(path, 'w', 0o600)
    try {
      fchmodSync(file, 0o600)
      writeFileSync(file, text)
    } finally {
      closeSync(file)
    }
    return null
  } catch (error) {
    return `${path} cannot be written (${codeOf(error)}).`
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code ?? 'failed')
}
