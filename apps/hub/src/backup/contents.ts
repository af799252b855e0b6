/**
 * What stands in a backup of a hub, in which order and how large it may be (docs/hub/backup.md).
 *
 *     backup.json  [vault.json]  store/main.sqlite  [hub.sqlite]  blocks/00000001.car …  end.json
 *
 * An ordinary tar: whoever opens one without this program finds a database, and archives that IPFS tools read.
 *
 * @module
 */
import { type Json, parseStrictJson, parseUtf8, utf8, writeStrictJson } from '@effigy/core'

export const aboutName = 'backup.json'
export const vaultName = 'vault.json'
export const mainName = 'store/main.sqlite'
export const recordsName = 'hub.sqlite'
export const endName = 'end.json'

/** The first is 1. */
export const pieceName = (number: number): string => `blocks/${String(number).padStart(8, '0')}.car`

/** Of blocks in one piece, bytes: it is put together in memory. One block may go beyond it. */
export const pieceBytes: number = 4 * 1024 * 1024
/** A piece that is read, bytes. */
export const maxPieceBytes: number = 4 * pieceBytes
/** Of the texts and the vault, bytes. */
export const maxTextBytes: number = 256 * 1024

/** `backup.json`, the first file. */
export interface BackupAbout {
  readonly v: 1
  /** When it was made, wall clock, ms. */
  readonly at: number
  /** Of the program that made it. */
  readonly version: string
  /** Whether the vault is in it. */
  readonly keys: boolean
}

/** `end.json`, the last file: without it the backup was cut off. */
export interface BackupEnd {
  readonly v: 1
  readonly blocks: number
  /** Of those blocks. */
  readonly bytes: number
  /** Blocks that were damaged when it was made, and are not in it. */
  readonly damaged: number
}

export function writeText(value: BackupAbout | BackupEnd): Uint8Array {
  return utf8(`${writeStrictJson(value as unknown as Json)}\n`)
}

/** `version`: made by a newer program. Null: not such a text. */
export function parseAbout(bytes: Uint8Array): BackupAbout | 'version' | null {
  const value = parseObject(bytes)
  if (value === null || value === 'version') return value
  const { at, version, keys } = value
  const isWhole = isCount(at) && typeof version === 'string' && typeof keys === 'boolean'
  return isWhole ? { v: 1, at: at as number, version, keys } : null
}

export function parseEnd(bytes: Uint8Array): BackupEnd | 'version' | null {
  const value = parseObject(bytes)
  if (value === null || value === 'version') return value
  const { blocks, bytes: size, damaged } = value
  const isWhole = isCount(blocks) && isCount(size) && isCount(damaged)
  // Each was looked at just now.
  return isWhole ? ({ v: 1, blocks, bytes: size, damaged } as BackupEnd) : null
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, Json>> | 'version' | null {
  const parsed = parseStrictJson(parseUtf8(bytes)?.replace(/\n$/, '') ?? '')
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return null
  if (Array.isArray(parsed.value)) return null
  const value = parsed.value as Readonly<Record<string, Json>>
  if (typeof value.v === 'number' && value.v > 1) return 'version'
  return value.v === 1 ? value : null
}

const isCount = (value: Json | undefined): boolean => Number.isSafeInteger(value) && (value as number) >= 0
