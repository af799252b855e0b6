/**
 * The files of an album made fit to be shared: pictures that cannot be cleaned as they are become others, and where one stops the
 * whole, it is known which.
 *
 *     ChosenFile[] ─fitFiles▶ files, refused ─readInTurn▶ addDirectory ─fails▶ refused: the file that was read just then
 *
 * @module
 */
import { EffigyError, inspectImage } from '@effigy/core'
import { preparePicture } from '@effigy/peer/pictures'
import { isFaultOfFile } from '../../components/composer/attached.ts'
import type { ChosenFile } from './chosen-files.ts'

/** It cannot be shared, and why. */
export interface Refused {
  readonly path: string
  readonly error: unknown
}

export interface Fit {
  readonly files: readonly ChosenFile[]
  /** Of how many the hidden data went. */
  readonly cleaned: number
  readonly refused: readonly Refused[]
}

export interface FitOptions {
  readonly signal: AbortSignal
  /** So many were looked at, of so many. */
  readonly onProgress: (at: number, count: number) => void
}

/** Nothing can be taken out of these, if they tell anything (I3). */
const notCleaned = /\.(avif|heic|heif|hif)$/i

/** Pixels of the longest side: an album is looked at closer than a note. */
const pictureSide = 4096

/** Rejects with the reason of the signal alone. */
export async function fitFiles(
  files: readonly ChosenFile[],
  { signal, onProgress }: FitOptions,
): Promise<Fit> {
  const others = files.filter(({ path }) => notCleaned.test(path))
  const made = new Map<ChosenFile, ChosenFile>()
  const refused: Refused[] = []
  let cleaned = 0
  for (const [at, one] of others.entries()) {
    onProgress(at, others.length)
    try {
      if (await isPlain(one.file)) continue
      const { blob, removed } = await preparePicture(one.file, {
        maxSide: pictureSide,
        thumbnails: [],
        signal,
      })
      const path = pathAs(one.path, blob.type, [...files, ...made.values()])
      made.set(one, { path, file: new File([blob], path, { type: blob.type }) })
      if (removed.length > 0) cleaned++
    } catch (error) {
      signal.throwIfAborted()
      refused.push({ path: one.path, error })
    }
  }
  const isRefused = (path: string): boolean => refused.some((one) => one.path === path)
  const fit = files.filter(({ path }) => !isRefused(path)).map((one) => made.get(one) ?? one)
  return { files: fit, cleaned, refused }
}

/** Whether it says no more than it shows. */
async function isPlain(file: File): Promise<boolean> {
  const info = inspectImage(new Uint8Array(await file.arrayBuffer()))
  return info.ok && info.value.metadata.length === 0
}

/** Under the name of what it is now: `garden.heic` is `garden.jpg`, where none of `files` is that already. */
export function pathAs(path: string, type: string, files: readonly Pick<ChosenFile, 'path'>[]): string {
  const ending = type === 'image/jpeg' ? '.jpg' : `.${type.slice('image/'.length)}`
  const short = path.replace(notCleaned, ending)
  return files.some((other) => other.path === short) ? `${path}${ending}` : short
}

export interface InTurn {
  readonly entries: readonly { readonly path: string; readonly content: AsyncIterable<Uint8Array> }[]
  /** Which file made it fail, and why; null: none of them did. */
  refusedBy(error: unknown): Refused | null
}

/** Whoever reads them reads one behind the other: the one that was begun last is the one that failed. */
export function readInTurn(files: readonly ChosenFile[]): InTurn {
  let current: string | null = null
  let isBroken = false

  async function* read({ path, file }: ChosenFile): AsyncGenerator<Uint8Array, void> {
    current = path
    const reader = file.stream().getReader()
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        yield value
      }
    } catch (error) {
      isBroken = true
      throw error
    } finally {
      await reader.cancel().catch(() => {})
    }
  }

  return {
    entries: files.map((one) => ({ path: one.path, content: read(one) })),
    refusedBy(error) {
      if (current === null) return null
      if (isBroken)
        return { path: current, error: new EffigyError('file-unreadable', 'It went, or changed.') }
      return isFaultOfFile(error) ? { path: current, error } : null
    },
  }
}
