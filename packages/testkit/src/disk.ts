/**
 * A disk whose changes are numbered steps, any of which can be made to fail.
 *
 *     create, write, sync, truncate, delete ─▶ step k ─▶ done, or the fault set for k
 *
 * The directory has a durable side too: names made and removed become durable, in
 * order, with the next sync of any file or of the directory, as where metadata is
 * journalled (ext4, XFS, APFS, NTFS). After a power loss a removed journal may be back.
 *
 * @module
 */
import { createDiskFile, type DiskFile, type Keep } from './disk-file.ts'
import type { Random } from './seed.ts'

export type StepKind = 'create' | 'write' | 'sync' | 'truncate' | 'delete'

/**
 * - `full`: no space (ENOSPC); nothing is changed. Where space is not the matter: as `io-error`.
 * - `io-error`: the device fails (EIO); nothing is changed, and see `DiskFile.failSync`.
 * - `short-write`: a part of the bytes is written, then no space. Not a write: as `io-error`.
 * - `power-loss`: the machine goes off within this step; every later call fails.
 */
export type Fault = 'full' | 'io-error' | 'short-write' | 'power-loss'

export interface Step {
  /** From 1. */
  readonly number: number
  readonly kind: StepKind
  readonly file: string
  /** Of a write; the new size of a truncate; else 0. */
  readonly offset: number
  /** Of a write; else 0. */
  readonly length: number
}

export type Outcome = 'done' | 'full' | 'io-error'

/** What the VFS asks of it. */
export interface Disk {
  /** How many steps were taken. */
  readonly steps: number
  /** The machine or the process is off. */
  readonly isDead: boolean
  readonly random: Random
  names(): readonly string[]
  file(name: string): DiskFile | null
  create(name: string): DiskFile | Exclude<Outcome, 'done'>
  write(name: string, file: DiskFile, offset: number, bytes: Uint8Array): Outcome
  sync(name: string, file: DiskFile): Outcome
  truncate(name: string, file: DiskFile, size: number): Outcome
  /** `andSync`: and the directory is synced. */
  delete(name: string, andSync: boolean): Outcome

  failAt(step: number, fault: Fault, lasting: boolean): void
  heal(): void
  /** Puts durable contents in place of a file, or removes it: no step. */
  replace(name: string, bytes: Uint8Array | null): void
  /** Turns this one off and gives what survives. */
  powerLoss(keep: Keep): Disk
  /** Ends the process alone. */
  kill(): Disk
}

/** `onStep` hears each step before it happens. */
export function createDisk(random: Random, onStep: (step: Step) => void): Disk {
  return diskOf(random, onStep, new Map(), new Map())
}

type Directory = Map<string, DiskFile>

function diskOf(random: Random, onStep: (step: Step) => void, seen: Directory, durable: Directory): Disk {
  let steps = 0
  let isDead = false
  let planned: { readonly step: number; readonly fault: Fault; readonly lasting: boolean } | null = null

  /** The fault of this step, or null. A dead disk takes no steps. */
  const step = (kind: StepKind, file: string, offset = 0, length = 0): Fault | null => {
    if (isDead) return 'io-error'
    steps++
    onStep({ number: steps, kind, file, offset, length })
    if (planned === null || steps < planned.step || (steps > planned.step && !planned.lasting)) return null
    if (planned.fault === 'power-loss') isDead = true
    return planned.fault
  }

  const syncDirectory = (): void => {
    durable.clear()
    for (const [name, file] of seen) durable.set(name, file)
  }

  return {
    get steps() {
      return steps
    },
    get isDead() {
      return isDead
    },
    random,
    names: () => [...seen.keys()].sort(),
    file: (name) => seen.get(name) ?? null,

    create(name) {
      const fault = step('create', name)
      if (fault === 'full') return 'full'
      if (fault !== null && fault !== 'power-loss') return 'io-error'
      const file = createDiskFile()
      if (fault === null || random.chance(0.5)) seen.set(name, file)
      return fault === null ? file : 'io-error'
    },

    write(name, file, offset, bytes) {
      const fault = step('write', name, offset, bytes.length)
      switch (fault) {
        case null:
          file.write(offset, bytes)
          return 'done'
        case 'full':
          return 'full'
        case 'short-write':
          file.write(offset, bytes.subarray(0, random.integer(bytes.length)))
          return 'full'
        case 'power-loss':
          file.write(offset, bytes)
          return 'io-error'
        case 'io-error':
          return 'io-error'
      }
    },

    sync(name, file) {
      const wasDead = isDead
      const fault = step('sync', name)
      if (fault === null) {
        file.sync()
        syncDirectory()
        return 'done'
      }
      // In a power loss what is pending stays so, and is decided with the rest.
      if (!wasDead && fault !== 'power-loss') file.failSync(random)
      return fault === 'full' ? 'full' : 'io-error'
    },

    truncate(name, file, size) {
      const fault = step('truncate', name, size)
      if (fault === null || fault === 'power-loss') file.truncate(size)
      return fault === null ? 'done' : 'io-error'
    },

    delete(name, andSync) {
      const fault = step('delete', name)
      if (fault === null || fault === 'power-loss') seen.delete(name)
      if (fault !== null) return 'io-error'
      if (andSync) syncDirectory()
      return 'done'
    },

    failAt: (number, fault, lasting) => {
      planned = { step: number, fault, lasting }
    },
    heal: () => {
      planned = null
    },
    replace(name, bytes) {
      seen.delete(name)
      durable.delete(name)
      if (bytes === null) return
      const file = createDiskFile(bytes)
      seen.set(name, file)
      durable.set(name, file)
    },

    powerLoss(keep) {
      isDead = true
      const left: Directory = new Map()
      for (const name of new Set([...durable.keys(), ...seen.keys()].sort())) {
        const before = durable.get(name)
        const after = seen.get(name)
        const isNew = keep === 'all' || (keep === 'seeded' && random.chance(0.5))
        const file = before === after || isNew ? after : before
        if (file !== undefined) left.set(name, file.survivor(random, keep))
      }
      return diskOf(random, onStep, left, new Map(left))
    },

    kill() {
      isDead = true
      const copies = new Map<DiskFile, DiskFile>()
      const copyOf = (file: DiskFile): DiskFile => {
        const copy = copies.get(file) ?? file.copy()
        copies.set(file, copy)
        return copy
      }
      const copyAll = (directory: Directory): Directory =>
        new Map([...directory].map(([name, file]) => [name, copyOf(file)]))
      return diskOf(random, onStep, copyAll(seen), copyAll(durable))
    },
  }
}
