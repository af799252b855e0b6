/**
 * Why the hub could not start: one sentence with what to do, and an exit code.
 *
 *     EADDRINUSE ─▶ 4, "Port 7337 … is in use …"
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { HubConfig } from './config/options.ts'

/** Documented in the README; never renumbered. */
export const exitCodes = { ok: 0, failed: 1, config: 2, storage: 3, network: 4, forced: 130 } as const

export interface Failure {
  readonly exitCode: number
  /** Of the `EffigyError` or the system; for the log. */
  readonly code: string
  readonly message: string
}

export function explainFailure(error: unknown, config: HubConfig): Failure {
  const { home, host, passphraseFile } = config
  const port = portOf(error) ?? config.port
  const portFlag = port === config.port ? '--port' : '--http-port'
  const code = codeOf(error)
  const network = (message: string): Failure => ({ exitCode: exitCodes.network, code, message })
  const settings = (message: string): Failure => ({ exitCode: exitCodes.config, code, message })
  const storage = (message: string): Failure => ({ exitCode: exitCodes.storage, code, message })
  switch (code) {
    case 'EADDRINUSE':
      return network(
        `Port ${port} at ${host} is in use, perhaps by another hub. Stop that one, or choose another port: ${portFlag} ${port === 65_535 ? 7337 : port + 1}.`,
      )
    case 'listen-EACCES':
      return network(
        `This user may not listen at port ${port}. Choose one above 1023 (${portFlag} 7337), and put a proxy in front for ports 80 and 443, or let it have them (docs/hub/running.md).`,
      )
    case 'EADDRNOTAVAIL':
      return network(
        `This machine has no address ${host}. Use --host 127.0.0.1 for this machine alone, or --host 0.0.0.0 for all its addresses.`,
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return network(`The name ${host} cannot be looked up. Give --host an address, such as 127.0.0.1.`)
    case 'lan-unavailable':
      return network(
        'Another program has port 5353 for itself, so this hub cannot tell its network where it is. Leave the setting lan out.',
      )
    case 'storage-locked':
      return storage(
        `Another process is using ${home}, perhaps a hub that is running already. Stop it first, or choose another folder: --home.`,
      )
    case 'storage-damaged':
      return storage(
        `The store in ${home} is damaged. Move its folder store away and start again: people's feeds come back from their devices. Keep vault.json, it is the hub's identity.`,
      )
    case 'records-damaged':
      return storage(
        `The file hub.sqlite in ${home} is damaged: invites, names and what members set. Put the one of a backup in its place, or move it away to begin without; feeds are not in it.`,
      )
    case 'storage-full':
    case 'ENOSPC':
    case 'EDQUOT':
      return storage(`There is no space left for ${home}. Free some, and start again; nothing was lost.`)
    case 'storage-newer':
      return storage(
        `The store in ${home} was written by a newer version. Update Effigy; nothing was changed.`,
      )
    case 'storage-failed':
      return storage(
        `The store in ${home} cannot be read or written. Look at its permissions and at the disk.`,
      )
    case 'vault-locked':
      return settings(
        `The vault of ${home} is locked by a passphrase. Name a file whose first line it is: EFFIGY_PASSPHRASE_FILE or --passphrase-file.`,
      )
    case 'passphrase-wrong':
      return settings(
        `The passphrase in ${passphraseFile} does not open the vault of ${home}. Put the right one there; nothing was locked out.`,
      )
    case 'passphrase-file':
    case 'passphrase-short':
    case 'passphrase-long':
      return settings(
        `${sentence(error instanceof Error ? error.message : code)} Look at EFFIGY_PASSPHRASE_FILE or --passphrase-file.`,
      )
    case 'turn-secret':
    case 'app-missing':
      return settings(sentence(error instanceof Error ? error.message : code))
    case 'vault-plain':
      return settings(
        `A passphrase is given, and the vault of ${home} has none. Lock it with \`effigy -C ${home} lock --new-passphrase-file FILE\`, or start without.`,
      )
    case 'restore-unfinished':
      return storage(
        `A restore into ${home} was cut off. Run \`hub restore\` again with the same home; it begins anew.`,
      )
    case 'home-occupied':
      return storage(`${home} is not empty. A backup is restored into an empty folder: --home.`)
    case 'home-absent':
    case 'backup-exists':
    case 'busy':
      return storage(sentence(error instanceof Error ? error.message : code))
    case 'vault':
    case 'vault-damaged':
    case 'vault-exposed':
    case 'admin-key':
    case 'work-factor':
    case 'memory':
      return storage(sentence(error instanceof Error ? error.message : code))
    case 'home-unwritable':
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return storage(
        `The folder ${home} cannot be written. Give this user the right to, or choose another: --home.`,
      )
    case 'ENOTDIR':
    case 'EEXIST':
      return storage(`${home} is not a folder, or lies below a file. Choose another: --home.`)
    default:
      if (code.startsWith('tls-')) return settings(sentence(error instanceof Error ? error.message : code))
      return {
        exitCode: exitCodes.failed,
        code,
        message: `The hub failed (${code}): ${sentence(error instanceof Error ? error.message : String(error))}`,
      }
  }
}

function codeOf(error: unknown): string {
  if (error instanceof EffigyError) return error.code
  const { code, syscall } = (error ?? {}) as { readonly code?: unknown; readonly syscall?: unknown }
  if (typeof code !== 'string') return 'unexpected'
  // The same code of the system means different things for a port and for a folder.
  return code === 'EACCES' && syscall === 'listen' ? 'listen-EACCES' : code
}

/** Of two ports that the hub listens at: the one that failed. */
function portOf(error: unknown): number | null {
  const { port } = (error ?? {}) as { readonly port?: unknown }
  return typeof port === 'number' ? port : null
}

function sentence(text: string): string {
  const start = text.slice(0, 1).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(start) ? start : `${start}.`
}
