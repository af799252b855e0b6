/**
 * SQLite (compiled to WebAssembly) on disks in memory.
 *
 *     SQL ─▶ sqlite-wasm ─▶ VFS `effigy-disk`: /<disk>/<file> ─▶ Disk
 *
 * One VFS a process; a disk is mounted while a database on it is open. There is no
 * shared memory, so WAL needs `locking_mode=exclusive`, as it does on OPFS. It is the
 * default VFS, because SQLite takes its own randomness from that one: seeded, too.
 *
 * @module
 */
import sqlite3InitModule, { type Sqlite3Static } from '@sqlite.org/sqlite-wasm'
import type { Disk, Outcome } from './disk.ts'
import { createDiskFile, type DiskFile, sectorBytes } from './disk-file.ts'
import type { Random } from './seed.ts'

export interface DiskVfs {
  readonly sqlite3: Sqlite3Static
  readonly name: string
  /** For one database. SQLite's randomness starts anew. */
  mount(disk: Disk, now: () => number): Mounted
}

export interface Mounted {
  /** To be called before each call of SQLite: names, time, chance and temporary files are now this disk's. */
  use(): void
  /** When the database is closed. */
  release(): void
}

let loaded: Promise<DiskVfs> | null = null

/** Loads SQLite once a process. */
export function loadDiskVfs(): Promise<DiskVfs> {
  loaded ??= sqlite3InitModule().then(installDiskVfs)
  return loaded
}

interface Handle {
  readonly disk: Disk
  readonly name: string
  readonly file: DiskFile
  readonly deleteOnClose: boolean
  lock: number
}

/** Pointers and numbers in, a result code out. 64-bit arguments come as bigint: `Number(…)`. */
type Callbacks = Record<string, (...values: number[]) => number>

interface Mount {
  readonly id: string
  readonly disk: Disk
  readonly now: () => number
}

function installDiskVfs(sqlite3: Sqlite3Static): DiskVfs {
  const { capi, wasm } = sqlite3
  // It warns on the console of each failed step, which here is the purpose.
  Object.assign(sqlite3.config, { warn: () => {} })
  const name = 'effigy-disk'
  const handles = new Map<number, Handle>()
  const mounts = new Map<string, Mount>()
  let mounted = 0
  let current: Mount | null = null

  const handleOf = (pointer: unknown): Handle => {
    const handle = handles.get(Number(pointer))
    if (handle === undefined) throw new Error('SQLite used a file that is not open')
    return handle
  }

  const memory = (pointer: unknown, length: number): Uint8Array =>
    wasm.heap8u().subarray(Number(pointer), Number(pointer) + length)

  const text = (pointer: number): string => wasm.cstrToJs(pointer) ?? ''

  const place = (path: string): { disk: Disk; name: string } | null => {
    const [, id = '', ...rest] = path.split('/')
    const disk = mounts.get(id)?.disk
    return disk === undefined ? null : { disk, name: rest.join('/') }
  }

  const code = (outcome: Outcome, failure: number): number =>
    outcome === 'done' ? 0 : outcome === 'full' ? capi.SQLITE_FULL : failure

  const others = (handle: Handle): Handle[] =>
    [...handles.values()].filter((other) => other.file === handle.file && other !== handle)

  // The package's types name the field without its `$`.
  const io = Object.assign(new capi.sqlite3_io_methods(), { $iVersion: 1 })
  const ioMethods: Callbacks = {
    xClose(pointer) {
      const { disk, name: file, deleteOnClose } = handleOf(pointer)
      handles.delete(Number(pointer))
      if (deleteOnClose && disk.file(file) !== null) disk.delete(file, false)
      return 0
    },
    xRead(pointer, into, length, offset) {
      const { disk, file } = handleOf(pointer)
      if (disk.isDead) return capi.SQLITE_IOERR_READ
      const target = memory(into, length)
      const found = file.read(Number(offset), target)
      if (found === length) return 0
      target.fill(0, found)
      return capi.SQLITE_IOERR_SHORT_READ
    },
    xWrite(pointer, from, length, offset) {
      const { disk, name: file, file: open } = handleOf(pointer)
      return code(disk.write(file, open, Number(offset), memory(from, length)), capi.SQLITE_IOERR_WRITE)
    },
    xTruncate(pointer, size) {
      const { disk, name: file, file: open } = handleOf(pointer)
      return code(disk.truncate(file, open, Number(size)), capi.SQLITE_IOERR_TRUNCATE)
    },
    xSync(pointer) {
      const { disk, name: file, file: open } = handleOf(pointer)
      return code(disk.sync(file, open), capi.SQLITE_IOERR_FSYNC)
    },
    xFileSize(pointer, out) {
      wasm.poke64(out, BigInt(handleOf(pointer).file.size()))
      return 0
    },
    xLock(pointer, wanted) {
      const handle = handleOf(pointer)
      if (handle.lock >= wanted) return 0
      const strongest = Math.max(capi.SQLITE_LOCK_NONE, ...others(handle).map((other) => other.lock))
      const bound = wanted === capi.SQLITE_LOCK_SHARED ? capi.SQLITE_LOCK_PENDING : capi.SQLITE_LOCK_RESERVED
      if (strongest >= bound) return capi.SQLITE_BUSY
      if (wanted === capi.SQLITE_LOCK_EXCLUSIVE && strongest > capi.SQLITE_LOCK_NONE) {
        handle.lock = capi.SQLITE_LOCK_PENDING
        return capi.SQLITE_BUSY
      }
      handle.lock = wanted
      return 0
    },
    xUnlock(pointer, level) {
      handleOf(pointer).lock = level
      return 0
    },
    xCheckReservedLock(pointer, out) {
      const handle = handleOf(pointer)
      const all = [handle, ...others(handle)]
      wasm.poke32(out, all.some((one) => one.lock >= capi.SQLITE_LOCK_RESERVED) ? 1 : 0)
      return 0
    },
    xFileControl: () => capi.SQLITE_NOTFOUND,
    xSectorSize: () => sectorBytes,
    // A torn write leaves the bytes beside it alone, as SQLite assumes on Unix.
    xDeviceCharacteristics: () => capi.SQLITE_IOCAP_POWERSAFE_OVERWRITE,
  }

  const vfs = new capi.sqlite3_vfs()
  vfs.$iVersion = 2
  vfs.$szOsFile = capi.sqlite3_file.prototype.structInfo.sizeof
  vfs.$mxPathname = 512
  const vfsMethods: Callbacks = {
    xOpen(_vfs, path, pointer, flags, outFlags) {
      const struct = new capi.sqlite3_file(pointer)
      const attach = (handle: Omit<Handle, 'lock'>): number => {
        handles.set(Number(pointer), { ...handle, lock: capi.SQLITE_LOCK_NONE })
        struct.$pMethods = io.pointer
        if (outFlags) wasm.poke32(outFlags, flags)
        return 0
      }
      const deleteOnClose = (flags & capi.SQLITE_OPEN_DELETEONCLOSE) !== 0
      try {
        struct.$pMethods = 0
        if (!path) {
          // A temporary file: it never survives anything.
          if (current === null) return capi.SQLITE_CANTOPEN
          return attach({
            disk: current.disk,
            name: 'temporary',
            file: createDiskFile(),
            deleteOnClose,
          })
        }
        const at = place(text(path))
        if (at === null || at.disk.isDead) return capi.SQLITE_CANTOPEN
        const found = at.disk.file(at.name)
        if (found !== null) {
          if (flags & capi.SQLITE_OPEN_EXCLUSIVE) return capi.SQLITE_CANTOPEN
          return attach({ ...at, file: found, deleteOnClose })
        }
        if (!(flags & capi.SQLITE_OPEN_CREATE)) return capi.SQLITE_CANTOPEN
        const made = at.disk.create(at.name)
        if (typeof made === 'string') return code(made, capi.SQLITE_CANTOPEN)
        return attach({ ...at, file: made, deleteOnClose })
      } finally {
        struct.dispose()
      }
    },
    xDelete(_vfs, path, syncDirectory) {
      const at = place(text(path))
      if (at === null || at.disk.isDead) return capi.SQLITE_IOERR_DELETE
      if (at.disk.file(at.name) === null) return capi.SQLITE_IOERR_DELETE_NOENT
      return code(at.disk.delete(at.name, syncDirectory !== 0), capi.SQLITE_IOERR_DELETE)
    },
    xAccess(_vfs, path, _flags, out) {
      const at = place(text(path))
      if (at === null || at.disk.isDead) return capi.SQLITE_IOERR_ACCESS
      // An empty journal counts as none, as on Unix.
      wasm.poke32(out, (at.disk.file(at.name)?.size() ?? 0) > 0 ? 1 : 0)
      return 0
    },
    xFullPathname(_vfs, path, length, out) {
      const given = text(path)
      const full = given.startsWith('/') ? given : `/${current?.id}/${given}`
      const bytes = new TextEncoder().encode(`${full}\0`)
      if (bytes.length > length) return capi.SQLITE_CANTOPEN
      memory(out, bytes.length).set(bytes)
      return 0
    },
    xRandomness(_vfs, length, out) {
      const random: Random | undefined = current?.disk.random
      if (random !== undefined) memory(out, length).set(random.bytes(length))
      return length
    },
    xSleep: () => 0,
    xCurrentTime(_vfs, out) {
      wasm.poke(out, 2440587.5 + (current?.now() ?? 0) / 86_400_000, 'double')
      return 0
    },
    xCurrentTimeInt64(_vfs, out) {
      wasm.poke64(out, 210_866_760_000_000n + BigInt(Math.floor(current?.now() ?? 0)))
      return 0
    },
    xGetLastError: () => 0,
  }

  // The package's types want named result codes and have some signatures wrong.
  sqlite3.vfs.installVfs({ io: { struct: io, methods: ioMethods as never } })
  sqlite3.vfs.installVfs({ vfs: { struct: vfs, name, asDefault: true, methods: vfsMethods as never } })

  return {
    sqlite3,
    name,
    mount(disk, now) {
      const id = String(mounted++)
      const mount = { id, disk, now }
      mounts.set(id, mount)
      current = mount
      capi.sqlite3_randomness(new Uint8Array(0))
      return {
        use: () => {
          current = mount
        },
        release: () => {
          mounts.delete(id)
        },
      }
    },
  }
}
