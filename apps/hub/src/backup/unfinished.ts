/**
 * A restore that was cut off: marked in the home, so that nothing starts over half of a hub.
 *
 *     mark ─▶ store, records, vault ─all checked▶ unmark
 *
 * @module
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { EffigyError } from '@effigy/core'

const markName = '.restoring'

/** What a restore writes; the vault last, for where it is there is a hub. */
const written = ['vault.json', 'hub.sqlite', 'hub.sqlite-wal', 'hub.sqlite-journal', 'store'] as const

/** Of the person who runs the hub, or of the file system. */
const mayStand: ReadonlySet<string> = new Set(['hub.json', 'lost+found', markName])

export const isUnfinished = (home: string): boolean => existsSync(join(home, markName))

/** Throws `EffigyError` 'restore-unfinished'. */
export function assertFinished(home: string): void {
  if (!isUnfinished(home)) return
  throw new EffigyError('restore-unfinished', `A restore into ${home} was cut off.`)
}

/**
 * Makes the home where there is none, and marks it. What an earlier restore left is taken away. Throws `EffigyError`
 * 'home-occupied' where anything else is in it, and the system's errors.
 */
export function beginRestore(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  if (isUnfinished(home)) undo(home)
  const others = readdirSync(home).filter((name) => !mayStand.has(name))
  if (others.length > 0) throw new EffigyError('home-occupied', `${home} is not empty.`)
  closeSync(openSync(join(home, markName), 'a', 0o600))
  sync(home)
}

/** From now on it is a home like any other. */
export function endRestore(home: string): void {
  sync(home)
  rmSync(join(home, markName))
  sync(home)
}

/** As before `beginRestore`, but for the folder itself. */
export function giveUpRestore(home: string): void {
  undo(home)
  rmSync(join(home, markName), { force: true })
}

function undo(home: string): void {
  for (const name of written) {
    const path = join(home, name)
    const found = lstatSync(path, { throwIfNoEntry: false })
    // A link is taken away, and not what it leads to.
    if (found !== undefined) rmSync(path, { recursive: found.isDirectory(), force: true })
  }
}

function sync(folder: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
