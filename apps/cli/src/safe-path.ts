/**
 * Names from others on their way to this machine's disk: never outside the folder that was named.
 *
 *     "a/../../b", "con", "x\\y" ─isSafeName▶ false
 *
 * A collection's names are one path component each already (spec B5); file systems have more to say.
 *
 * @module
 */
import { lstatSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { failure } from './failure.ts'

const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i
/** They steer terminals and break scripts. */
const steering = /\p{Cc}/u

/** Whether a file may have this name on `platform` (`process.platform`). */
export function isSafeName(name: string, platform: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || steering.test(name)) return false
  if (platform !== 'win32') return true
  return !/[\\:*?"<>|]/.test(name) && !/[. ]$/.test(name) && !reserved.test(name)
}

/**
 * Makes the folder `name` inside `parent` unless it is there; gives its path. A link in its place
 * is refused: it could lead anywhere. Throws `name-unsafe`, `file-unwritable`.
 */
export function enterFolder(parent: string, name: string, platform: string): string {
  if (!isSafeName(name, platform)) throw failure('name-unsafe', name)
  return demandFolder(join(parent, name))
}

/** The same for the folder that the person named, which may be made with its parents. */
export function demandFolder(path: string, isNamed = false): string {
  try {
    mkdirSync(path, { recursive: isNamed })
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    if (!isThere) throw failure('file-unwritable', path)
  }
  if (!isNamed && !lstatSync(path).isDirectory()) throw failure('file-exists', path)
  return path
}
