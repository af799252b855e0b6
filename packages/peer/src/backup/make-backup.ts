/**
 * `peer.backup` over what writes it, which is loaded with the first backup where it is not there yet (`later.ts`).
 *
 * @module
 */
import { loadBackup } from '#later'
import type { MakeBackup } from './backup.ts'
import type { BackupPorts } from './write-backup.ts'

export function createBackup(ports: BackupPorts): MakeBackup {
  return async function* (options) {
    const signal = AbortSignal.any([options.signal, ports.signal])
    const { writeBackup } = await loadBackup()
    return yield* writeBackup(ports, { ...options, signal })
  }
}
