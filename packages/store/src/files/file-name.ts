/**
 * Which names a directory may hold, and which paths lead through it (spec B5).
 *
 * @module
 */
import { utf8 } from '@effigy/core'

/** Bytes of UTF-8; what common file systems take. */
export const maxFileNameBytes = 255

/** Components of a path. Sixteen directories, their shards and a file's layers stay within `maxDepth`. */
export const maxPathComponents = 16

/**
 * Whether a directory may hold this name (B5). U+FFFD is what undecodable bytes turn into, so a name
 * that has it cannot be told from others.
 */
export function isFileName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.length > maxFileNameBytes) return false
  if (/[/\0\uFFFD]/.test(name) || !name.isWellFormed()) return false
  return utf8(name).length <= maxFileNameBytes
}

/** The components of `a/b.txt`; the empty path has none; null when one of them is no file name or there are too many. */
export function parseFilePath(path: string): readonly string[] | null {
  if (path === '') return []
  const components = path.split('/', maxPathComponents + 1)
  return components.length <= maxPathComponents && components.every(isFileName) ? components : null
}
