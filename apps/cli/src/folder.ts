/**
 * A folder of this machine as the source of a collection: in a fixed order, pictures cleaned, links left out.
 *
 *     FOLDER ─walk▶ path, content ─(a picture? stripImage)▶ DirectorySource ─▶ importDirectory
 *
 * @module
 */
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type MetadataKind, sniffImage, stripImage } from '@effigy/core'
import { type DirectorySource, maxRawBlockBytes } from '@effigy/store'
import { failure } from './failure.ts'

export interface FolderOptions {
  /** Take files whose names begin with a dot, too. */
  readonly hidden: boolean
  readonly signal: AbortSignal
}

export interface FolderReport {
  /** Names that begin with a dot. */
  hidden: number
  /** Links, sockets and the like. */
  special: number
  readonly cleaned: { readonly path: string; readonly removed: readonly MetadataKind[] }[]
}

/** Bytes of a picture that is held in memory to be cleaned: as for single pictures. */
const maxPictureBytes: number = 32 * 1024 * 1024

/** Bytes that tell a picture. */
const headLength = 4096

/** Everything below `folder`, by name; `report` is filled on the way. Throws `file-absent`, `file-unreadable`, `cannot-strip`. */
export async function* folderSources(
  folder: string,
  report: FolderReport,
  options: FolderOptions,
): AsyncGenerator<DirectorySource> {
  const stats = await stat(folder).catch(() => null)
  if (stats?.isDirectory() !== true) throw failure('file-absent', folder)
  yield* below(folder, '', report, options)
}

async function* below(
  folder: string,
  path: string,
  report: FolderReport,
  options: FolderOptions,
): AsyncGenerator<DirectorySource> {
  const entries = await readdir(join(folder, path), { withFileTypes: true }).catch(() => {
    throw failure('file-unreadable', join(folder, path))
  })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    options.signal.throwIfAborted()
    const inner = path === '' ? entry.name : `${path}/${entry.name}`
    if (entry.name.startsWith('.') && !options.hidden) report.hidden++
    else if (entry.isDirectory()) {
      yield { path: inner, content: null }
      yield* below(folder, inner, report, options)
    } else if (entry.isFile()) {
      yield { path: inner, content: await content(join(folder, inner), inner, report) }
    } else report.special++
  }
}

async function content(
  file: string,
  path: string,
  report: FolderReport,
): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array>> {
  const head = await firstBytes(file)
  if (sniffImage(head) === null) return createReadStream(file, { highWaterMark: maxRawBlockBytes })
  const { size } = await stat(file)
  if (size > maxPictureBytes) throw failure('not-an-image', path)
  const bytes = new Uint8Array(await readFile(file))
  const stripped = stripImage(bytes)
  if (!stripped.ok) {
    if (stripped.error.code === 'cannot-strip')
      throw failure('cannot-strip', path, stripped.error.convertTo.join(', '))
    throw failure('not-an-image', path)
  }
  if (stripped.value.removed.length > 0) report.cleaned.push({ path, removed: stripped.value.removed })
  return [stripped.value.bytes]
}

async function firstBytes(file: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of createReadStream(file, { end: headLength - 1 }))
      pieces.push(piece as Uint8Array)
  } catch {
    throw failure('file-unreadable', file)
  }
  return Buffer.concat(pieces)
}
