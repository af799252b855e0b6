/**
 * Backups that administration asks for: files in the home, without keys, that only who is on the machine can take away.
 *
 *     start ─▶ HOME/backups/hub-20261121-160000.tar (0600), behind the answer ─▶ list ─▶ remove
 *
 * @module
 */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { EffigyError, err, ok, type Result } from '@effigy/core'
import type { Clock, Log } from '@effigy/sync'
import { writeBackupFile } from '../backup/backup-file.ts'
import type { Backups } from '../backup/backups.ts'

export interface ShelfRow {
  readonly file: string
  readonly bytes: number
  /** Ms. */
  readonly at: number
}

export interface BackupShelf {
  /** Those that are whole, the oldest first. Throws the system's errors. */
  list(): readonly ShelfRow[]
  /** Name of the one that is being written. */
  readonly running: string | null
  /** Code of why the last one came to nothing; null: it did not. */
  readonly failure: string | null
  /** Begins one; its name. */
  start(): Result<string, 'busy' | 'full' | 'storage'>
  /** False: there is none. Throws the system's errors. */
  remove(file: string): boolean
}

export interface BackupShelfDeps {
  readonly home: string
  readonly backups: Pick<Backups, 'isRunning' | 'write'>
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  readonly signal: AbortSignal
}

/** Each is as large as all that the hub keeps. */
export const maxShelved = 8

const namePattern = /^hub-\d{8}-\d{6}\.tar$/

export function createBackupShelf({ home, backups, clock, log, signal }: BackupShelfDeps): BackupShelf {
  const folder = join(home, 'backups')
  let running: string | null = null
  let failure: string | null = null

  function list(): readonly ShelfRow[] {
    let names: readonly string[]
    try {
      names = readdirSync(folder)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
    return names
      .filter((name) => namePattern.test(name))
      .sort()
      .map((file) => {
        const { size, mtimeMs } = statSync(join(folder, file))
        return { file, bytes: size, at: Math.round(mtimeMs) }
      })
  }

  async function write(file: string): Promise<void> {
    try {
      const tar = backups.write({ keys: false, signal })
      const bytes = await writeBackupFile(join(folder, file), tar, { passphrase: null, signal })
      log.info('backup.written', { bytes })
    } catch (error) {
      const { code } = error as { readonly code?: unknown }
      failure = error instanceof EffigyError || typeof code === 'string' ? String(code) : 'unexpected'
      log.warn('backup.failed', { code: failure })
    } finally {
      running = null
    }
  }

  return {
    list,
    get running() {
      return running
    },
    get failure() {
      return failure
    },
    start() {
      if (running !== null || backups.isRunning) return err('busy')
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        if (list().length >= maxShelved) return err('full')
      } catch (error) {
        log.warn('backup.failed', { code: String((error as NodeJS.ErrnoException).code) })
        return err('storage')
      }
      failure = null
      running = `hub-${stamp(clock.now())}.tar`
      void write(running)
      return ok(running)
    },
    remove(file) {
      if (!list().some((row) => row.file === file)) return false
      rmSync(join(folder, file))
      return true
    },
  }
}

/** `20261121-160000`, in UTC. */
function stamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
}
