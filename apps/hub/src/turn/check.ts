/**
 * `hub turn check [FILE]`: a configuration of coturn, then the relay itself.
 *
 *     settings, secret ─▶ file ─▶ findings      each address of turnUrls ─▶ findings
 *
 * @module
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { checkCoturnFile } from './check-file.ts'
import { checkServers, type ServerPorts } from './check-server.ts'
import { maxCoturnFileLength } from './coturn-file.ts'
import { type Finding, right, wrong } from './finding.ts'
import type { TurnSettings } from './options.ts'
import { readTurnSecret } from './secret.ts'

/** `path` null: the running relay alone. */
export async function* checkRelay(
  settings: TurnSettings,
  path: string | null,
  ownAddresses: readonly string[],
  ports: ServerPorts,
): AsyncIterable<Finding> {
  const { turnUrls, turnSecretFile } = settings
  if (turnUrls.length === 0 || turnSecretFile === null) {
    yield wrong('The settings name no relay: turnUrls and turnSecretFile.')
    return
  }
  const secret = readTurnSecret(turnSecretFile)
  if (!secret.ok) {
    yield wrong(secret.error.message)
    return
  }
  yield right('The file of the secret is for the hub alone.')
  const sources = { settings, secret: secret.value, ownAddresses }
  if (path !== null) {
    const file = readFile(path)
    if ('type' in file) yield file
    else {
      if (file.isExposed) yield wrong(`${path} holds the secret, and others may read it: chmod 600 ${path}`)
      yield* checkCoturnFile(file.text, sources)
    }
  }
  yield* checkServers(sources, ports)
}

function readFile(path: string): { readonly text: string; readonly isExposed: boolean } | Finding {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = Buffer.alloc(maxCoturnFileLength + 1)
      const length = readSync(file, bytes, 0, bytes.length, 0)
      if (length > maxCoturnFileLength) return wrong(`${path} is too large for a configuration of coturn.`)
      const isExposed = process.platform !== 'win32' && (fstatSync(file).mode & 0o077) !== 0
      return { text: bytes.toString('utf8', 0, length), isExposed }
    } finally {
      closeSync(file)
    }
  } catch (error) {
    return wrong(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}
