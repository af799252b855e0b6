/**
 * Test vectors from disk: our own under `spec/vectors`, the public ones beside the repository.
 *
 *     spec/vectors/<name>          always there: a missing one is a bug in the test
 *     ../shared/vectors/<name>     null where it is not; the test says so in its name
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const root = new URL('../../../', import.meta.url)
const ownFolder = new URL('spec/vectors/', root)
const sharedFolder = new URL('../shared/vectors/', root)

/** The text of one of our own vector files. Throws when it is missing. */
export function ownVectors(name: string): string {
  return readFileSync(new URL(name, ownFolder), 'utf8')
}

/** The text of a public vector file, or null where these are not present. */
export function sharedVectors(name: string): string | null {
  const bytes = sharedVectorBytes(name)
  return bytes === null ? null : new TextDecoder().decode(bytes)
}

/** The bytes of a public vector file (pictures, broken UTF-8), or null. */
export function sharedVectorBytes(name: string): Uint8Array | null {
  const file = new URL(name, sharedFolder)
  return existsSync(file) ? new Uint8Array(readFileSync(file)) : null
}

/** The sorted file names in a folder of public vectors; empty where these are not present. */
export function sharedVectorNames(folder: string): readonly string[] {
  const url = new URL(`${folder}/`, sharedFolder)
  if (!existsSync(url)) return []
  return readdirSync(url, { withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => `${folder}/${file.name}`)
    .sort()
}
