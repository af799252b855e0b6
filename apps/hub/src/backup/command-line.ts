/**
 * The commands of backups, with what belongs to them alone.
 *
 *     backup FILE --with-keys ─▶ { type: 'backup', path, withKeys, passphraseFile }
 *
 * @module
 */
import type { BackupCommand, RestoreCommand, VerifyCommand } from './commands.ts'

export type KeepingCommand =
  | ({ readonly type: 'backup' } & BackupCommand)
  | ({ readonly type: 'restore' } & RestoreCommand)
  | ({ readonly type: 'verify' } & VerifyCommand)

const keysFlag = 'with-keys'
const passphraseFlag = 'backup-passphrase-file'

/** Takes its own flags out of `flags`: the others are settings. Null: another command, or not complete. */
export function takeKeepingCommand(
  names: readonly string[],
  flags: Map<string, string>,
): KeepingCommand | null {
  const [name, path, ...more] = names
  if (more.length > 0 || (name !== 'verify' && path === undefined)) return null
  const isKnown = name === 'backup' || name === 'restore' || name === 'verify'
  if (!isKnown) return null
  const passphraseFile = flags.get(passphraseFlag) ?? null
  flags.delete(passphraseFlag)
  if (name === 'verify') return { type: name, path: path ?? null, passphraseFile }
  if (path === undefined) return null
  if (name === 'restore') return { type: name, path, passphraseFile }
  const withKeys = flags.get(keysFlag) === 'true'
  flags.delete(keysFlag)
  return { type: name, path, withKeys, passphraseFile }
}
