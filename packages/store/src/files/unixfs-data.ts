/**
 * The UnixFS message inside a dag-pb node (spec B3): strict, bounded, without bigints.
 *
 *     node.Data ─decodeUnixfsData▶ { type, data, fileSize, blockSizes, … }
 *
 * Own, because the library drops `filesize` and `hashType`, which have to be checked, and has no bounds.
 *
 * @module
 */
import { createByteReader } from '@effigy/core'

/** The numbers are UnixFS's `DataType`. */
export const unixfsType = { raw: 0, directory: 1, file: 2, metadata: 3, symlink: 4, shard: 5 } as const

export interface UnixfsData {
  readonly type: number
  readonly data: Uint8Array
  readonly fileSize: number | null
  readonly blockSizes: readonly number[]
  readonly hashType: number | null
  readonly fanout: number | null
}

const emptyBytes: Uint8Array = new Uint8Array(0)

/** Null when the bytes are no UnixFS message that B3 allows. */
export function decodeUnixfsData(bytes: Uint8Array, maxBlockSizes: number): UnixfsData | null {
  const reader = createByteReader(bytes)
  const seen = new Set<number>()
  const blockSizes: number[] = []
  const numbers: (number | null)[] = [null, null, null, null, null, null, null, null]
  let data = emptyBytes
  while (reader.left > 0) {
    const key = reader.varint()
    if (key === null) return null
    const field = key >>> 3
    if (field !== fields.blockSizes && seen.has(field)) return null
    seen.add(field)
    switch (key) {
      case (fields.type << 3) | varintWire:
      case (fields.fileSize << 3) | varintWire:
      case (fields.hashType << 3) | varintWire:
      case (fields.fanout << 3) | varintWire:
      case (fields.mode << 3) | varintWire: {
        const value = reader.varint()
        if (value === null) return null
        numbers[field] = value
        break
      }
      case (fields.blockSizes << 3) | varintWire: {
        const value = reader.varint()
        if (value === null || blockSizes.length >= maxBlockSizes) return null
        blockSizes.push(value)
        break
      }
      case (fields.data << 3) | bytesWire:
      case (fields.mtime << 3) | bytesWire: {
        const length = reader.varint()
        const value = length === null ? null : reader.bytes(length)
        if (value === null) return null
        if (field === fields.data) data = value
        break
      }
      default:
        return null
    }
  }
  const type = numbers[fields.type] ?? null
  if (type === null) return null
  return {
    type,
    data,
    fileSize: numbers[fields.fileSize] ?? null,
    blockSizes,
    hashType: numbers[fields.hashType] ?? null,
    fanout: numbers[fields.fanout] ?? null,
  }
}

const fields = {
  type: 1,
  data: 2,
  fileSize: 3,
  blockSizes: 4,
  hashType: 5,
  fanout: 6,
  mode: 7,
  mtime: 8,
} as const
const varintWire = 0
const bytesWire = 2
