/**
 * An archive that somebody chose, opened to be looked into: ZIP, or TAR with or without gzip, by its first bytes.
 *
 *     Blob ─openArchive▶ names and sizes, read(name) ─▶ Blob        nothing is written anywhere, no name is a path
 *
 * @module
 */
import { err, type Result } from '@effigy/core'
import { openTar } from './tar.ts'
import { openZip } from './zip.ts'

export interface ArchiveFile {
  /** As it stands in the archive. */
  readonly name: string
  /** Bytes, as the archive says. */
  readonly size: number
}

export interface Archive {
  readonly files: readonly ArchiveFile[]
  /** Null: no such file, or it is not what the archive said. Rejects with the signal's reason, and where the archive can be read no more. */
  read(name: string, signal: AbortSignal): Promise<Blob | null>
}

export interface ArchiveLimits {
  /** Of one file that is unpacked, bytes; larger ones are passed over. */
  readonly maxFileBytes: number
  /** Of all of them, bytes. */
  readonly maxBytes: number
  readonly maxFiles: number
}

/**
 * `not-an-archive`: no form that is known, or damaged. `archive-too-large`: it says, or turns out, to unpack to more than
 * the limits.
 */
export interface ArchiveFault {
  readonly code: 'not-an-archive' | 'archive-too-large'
}

/** Whoever exports an account for years stays below. */
export const archiveLimits: ArchiveLimits = {
  maxFileBytes: 128 * 1024 * 1024,
  maxBytes: 4 * 1024 * 1024 * 1024,
  maxFiles: 100_000,
}

/** `isWanted`: by their names; of a TAR, which is read once, no others are kept. Rejects with the signal's reason. */
export async function openArchive(
  source: Blob,
  isWanted: (name: string) => boolean,
  signal: AbortSignal,
  limits: ArchiveLimits = archiveLimits,
): Promise<Result<Archive, ArchiveFault>> {
  const start = new Uint8Array(await source.slice(0, 262).arrayBuffer())
  const text = (from: number, to: number): string => String.fromCharCode(...start.subarray(from, to))
  if (start[0] === 0x1f && start[1] === 0x8b) return openTar(source, true, isWanted, signal, limits)
  if (text(257, 262) === 'ustar') return openTar(source, false, isWanted, signal, limits)
  if (text(0, 2) === 'PK') return openZip(source, limits)
  return err({ code: 'not-an-archive' })
}
