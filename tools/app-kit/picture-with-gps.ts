/**
 * A picture that says where it was taken, and with what.
 *
 * @module
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export function pictureWithGps(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-picture-'))
  try {
    const path = join(folder, 'shore.jpg')
    const make = fileURLToPath(new URL('../../examples/picture-with-gps.ts', import.meta.url))
    execFileSync(process.execPath, [make, path], { timeout: 60_000 })
    return readFileSync(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
