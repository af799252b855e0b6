/**
 * `peer.backup` and `peer.takeBackup` over what writes and reads them, which is loaded when it is first needed (`later.ts`).
 *
 * @module
 */
import { loadBackup, loadTakeBackup } from '#later'
import type { MakeBackup } from './backup.ts'
import type { TakeBackup, TakeBackupPorts } from './take-backup.ts'
import type { BackupPorts } from './write-backup.ts'

export function createBackup(ports: BackupPorts): MakeBackup {
  return async function* (options) {
    const signal = AbortSignal.any([options.signal, ports.signal])
    const { writeBackup } = await loadBackup()
    return yield* writeBackup(ports, { ...options, signal })
  }
}

export function createTakeBackup(
  ports: TakeBackupPorts & { /** The peer is closed. */ readonly signal: AbortSignal },
): TakeBackup {
  return async (file, options) => {
    const signal = AbortSignal.any([options.signal, ports.signal])
    const { readInBackup } = await loadTakeBackup()
    return await readInBackup(ports, file, { ...options, signal })
  }
}
