/**
 * A disk under SQLite that fails, tears and forgets at step k (RELIABILITY: every write step fails once).
 *
 *     const disk = await createFaultyDisk({ random: createRandom('run 1') })
 *     disk.failAt(17, 'power-loss')
 *     … write until it throws …
 *     using db = disk.powerLoss().open('store')
 *
 * @module
 */
import type { Sqlite } from '@effigy/store'
import { createDisk, type Disk, type Fault, type Step } from './disk.ts'
import type { Keep } from './disk-file.ts'
import { type DiskSqliteOptions, openDiskSqlite } from './disk-sqlite.ts'
import { type DiskVfs, loadDiskVfs } from './disk-vfs.ts'
import type { Random } from './seed.ts'

export interface FaultyDisk {
  /** Copies of all files as the process sees them, by name, sorted. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Steps so far (create, write, sync, truncate, delete); reading is none. Starts at 0 after `powerLoss` and `kill`. */
  readonly steps: number
  /** Off: everything fails with SQLITE_IOERR. */
  readonly isDead: boolean
  /** Step `step` (the next one is `steps + 1`) meets `fault`; with `lasting`, so does every one after it. Replaces the last plan. */
  failAt(step: number, fault: Fault, options?: { readonly lasting?: boolean }): void
  /** Forgets the plan: space is freed, the device works. */
  heal(): void
  /**
   * The machine goes off: this disk is dead, and the returned one holds what survives.
   * What was synced does; of the rest, in sectors of 512 bytes: by chance ('seeded'), none, or all.
   */
  powerLoss(keep?: Keep): FaultyDisk
  /** The process alone dies (kill -9): nothing written is lost, and what is not synced stays so. */
  kill(): FaultyDisk
  /** Puts bytes in place of a closed file, to damage it; null removes it. */
  replace(name: string, bytes: Uint8Array | null): void
  /** Opens or creates a database; dispose it, even when the disk is dead. WAL needs `locking_mode=exclusive`. */
  open(name: string): Sqlite
}

export interface FaultyDiskOptions {
  readonly random: Random
  /** SQLite's own clock, ms since 1970; by default it stands still. */
  readonly now?: () => number
  /** What databases throw for a result code of SQLite: `storageErrorOf` of `@effigy/store`. Where it gives null, and by default, a `SqliteFailure`. */
  readonly failure?: (errcode: number, cause: unknown) => Error | null
  /** Hears each step before it happens. */
  readonly onStep?: (step: Step) => void
}

/** An empty disk. Loads SQLite at the first call. */
export async function createFaultyDisk(options: FaultyDiskOptions): Promise<FaultyDisk> {
  const { random, onStep = () => {} } = options
  return faultyDiskOf(createDisk(random, onStep), await loadDiskVfs(), {
    now: options.now ?? (() => 1_800_000_000_000),
    failure: options.failure ?? (() => null),
  })
}

function faultyDiskOf(disk: Disk, vfs: DiskVfs, options: DiskSqliteOptions): FaultyDisk {
  return {
    get files() {
      return new Map(disk.names().map((name) => [name, disk.file(name)?.bytes() ?? new Uint8Array(0)]))
    },
    get steps() {
      return disk.steps
    },
    get isDead() {
      return disk.isDead
    },
    failAt: (step, fault, { lasting = false } = {}) => disk.failAt(step, fault, lasting),
    heal: disk.heal,
    powerLoss: (keep = 'seeded') => faultyDiskOf(disk.powerLoss(keep), vfs, options),
    kill: () => faultyDiskOf(disk.kill(), vfs, options),
    replace: disk.replace,
    open: (name) => openDiskSqlite(vfs, disk, name, options),
  }
}
