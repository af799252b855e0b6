/**
 * A folder of this machine as the source of a collection: in a fixed order, each file cleaned by its kind, links left out.
 *
 *     FOLDER ─walk▶ path, content ─openClean▶ DirectorySource ─▶ importDirectory
 *
 * @module
 */
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Blocks,
  cleanBytes,
  type DirectorySource,
  maxRawBlockBytes,
  NotClean,
  openClean,
} from '@effigy/store'
import { failure } from './failure.ts'

export interface FolderOptions {
  /** Take files whose names begin with a dot, too. */
  readonly hidden: boolean
  /** Videos, sounds and documents stay as they are. */
  readonly asIs: boolean
  /** Where a file is put by that cannot be cleaned as it passes. */
  readonly blocks: Blocks
  readonly signal: AbortSignal
}

export interface FolderReport {
  /** Names that begin with a dot. */
  hidden: number
  /** Links, sockets and the like. */
  special: number
  readonly cleaned: { readonly path: string; readonly removed: readonly string[] }[]
}

/** Everything below `folder`, by name; `report` is filled on the way. Throws `file-absent`, `file-unreadable`, and their content `file-unreadable`, `cannot-strip`, `not-an-image`, `media-…`. */
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
      yield { path: inner, content: content(join(folder, inner), inner, report, options) }
    } else report.special++
  }
}

async function* content(
  file: string,
  path: string,
  report: FolderReport,
  { asIs, blocks, signal }: FolderOptions,
): AsyncGenerator<Uint8Array> {
  try {
    const clean = await openClean(bytesOf(file), { strip: true, keepMedia: asIs, signal })
    if (!clean.ok) throw new NotClean(clean.error)
    yield* cleanBytes(clean.value, blocks, signal)
    const { removed } = clean.value.facts()
    if (removed.length > 0) report.cleaned.push({ path, removed })
  } catch (cause) {
    throw cause instanceof NotClean ? uncleaned(path, cause.error.code) : cause
  }
}

function uncleaned(path: string, code: NotClean['error']['code']): Error {
  switch (code) {
    case 'image-metadata':
      return failure('cannot-strip', path, 'jpeg, png')
    case 'image-damaged':
    case 'image-too-large':
      return failure('not-an-image', path)
    case 'media-metadata':
    case 'media-damaged':
    case 'media-too-large':
      return failure(code, path)
  }
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: maxRawBlockBytes }) as AsyncIterable<Uint8Array>
  } catch {
    throw failure('file-unreadable', file)
  }
}
