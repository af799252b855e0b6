/**
 * The files that settings name, read as a start reads them: what `config check` says is right, starts.
 *
 *     tlsCert, tlsKey    turnSecretFile    passphraseFile    app ─▶ the start's own error, or nothing
 *
 * @module
 */
import { statSync } from 'node:fs'
import { EffigyError } from '@effigy/core'
import { readPassphraseFile } from '@effigy/peer/node'
import { openApp } from '../app/served-app.ts'
import { readCertificateFiles } from '../operating/tls/files.ts'
import { relayUrls } from '../turn/coturn-config.ts'
import { readTurnSecret } from '../turn/secret.ts'
import type { HubConfig } from './options.ts'

/** Throws what the start would throw: 'tls-…', 'turn-secret', 'passphrase-file', 'app-missing'. */
export function checkFiles(config: HubConfig, nowMs: number): void {
  const { tls, tlsCert, tlsKey, turnUrls, turnSecretFile, passphraseFile, app } = config
  if (tls === 'files') readCertificateFiles({ cert: tlsCert ?? '', key: tlsKey ?? '' }, nowMs)
  if (turnSecretFile !== null && relayUrls(turnUrls).length > 0) {
    const secret = readTurnSecret(turnSecretFile)
    if (!secret.ok) throw new EffigyError('turn-secret', secret.error.message)
  }
  // What a pipe holds is there once, for the start.
  if (passphraseFile !== null && !isPipe(passphraseFile)) readPassphraseFile(passphraseFile)
  if (app !== null && app !== 'off') openApp(app)
}

function isPipe(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats !== undefined && !stats.isFile() && !stats.isDirectory()
}
