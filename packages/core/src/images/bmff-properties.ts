/**
 * Properties of the items of a HEIC or AVIF file: sizes, and how the primary picture is turned (`iprp`).
 *
 * @module
 */
import { err, ok, type Result } from '../result.ts'
import { type Box, type Budget, createCursor, readBoxes } from './bmff-box.ts'
import {
  damaged,
  type ImageFault,
  type ImageFormat,
  type MetadataKind,
  maxProfileBytes,
  type Orientation,
  sizeFault,
  tooManyParts,
} from './scan.ts'

export interface Properties {
  /** Of the largest picture, which is the one that decoding costs. */
  readonly width: number
  readonly height: number
  readonly orientation: Orientation
  readonly metadata: readonly MetadataKind[]
}

const keptProperties: readonly string[] = [
  ...['ispe', 'pixi', 'colr', 'av1C', 'hvcC', 'irot', 'imir', 'auxC', 'clap', 'pasp', 'clli', 'mdcv', 'cclv'],
  ...['amve', 'lsel', 'a1op', 'a1lx'],
]

/** A turn or mirroring as a 2x2 matrix by rows, y pointing down. */
type Matrix = readonly [number, number, number, number]

const matrices: Readonly<Record<Orientation, Matrix>> = {
  1: [1, 0, 0, 1],
  2: [-1, 0, 0, 1],
  3: [-1, 0, 0, -1],
  4: [1, 0, 0, -1],
  5: [0, 1, 1, 0],
  6: [0, -1, 1, 0],
  7: [0, -1, -1, 0],
  8: [0, 1, -1, 0],
}

export function readProperties(
  bytes: Uint8Array,
  meta: readonly Box[],
  primary: number,
  format: ImageFormat,
  budget: Budget,
): Result<Properties, ImageFault> {
  const iprp = meta.find((box) => box.type === 'iprp')
  if (iprp === undefined) return damaged(format, 'no properties')
  const inner = readBoxes(bytes, iprp.body, iprp.end, format, budget)
  if (!inner.ok) return inner
  const ipco = inner.value.find((box) => box.type === 'ipco')
  if (ipco === undefined) return damaged(format, 'no properties')
  const properties = readBoxes(bytes, ipco.body, ipco.end, format, budget)
  if (!properties.ok) return properties

  const metadata: MetadataKind[] = []
  let [width, height] = [0, 0]
  for (const box of properties.value) {
    if (box.type === 'ispe') {
      const cursor = createCursor(bytes, box.body + 4, box.end)
      const size = { width: cursor.uint(4), height: cursor.uint(4) }
      const fault = sizeFault(format, size.width, size.height)
      if (fault !== null) return err(fault)
      if (size.width * size.height > width * height) ({ width, height } = size)
    }
    if (!keptProperties.includes(box.type))
      metadata.push(box.type === 'crtm' || box.type === 'mdft' ? 'time' : 'unknown')
    else if (box.end - box.body > maxProfileBytes) metadata.push('profile')
  }
  if (width === 0) return damaged(format, 'no size')
  for (const box of inner.value) {
    if (box.type !== 'ipco' && box.type !== 'ipma') metadata.push('unknown')
  }

  const turns: Matrix[] = []
  for (const ipma of inner.value.filter((box) => box.type === 'ipma')) {
    const indexes = primaryProperties(bytes, ipma, primary, format, budget)
    if (!indexes.ok) return indexes
    for (const index of indexes.value) {
      const box = properties.value[index - 1]
      if (box !== undefined) turns.push(turnOf(bytes, box))
    }
  }
  return ok({ width, height, orientation: orientationOf(turns), metadata })
}

/** Indexes, from 1, of the primary item's properties in their order. */
function primaryProperties(
  bytes: Uint8Array,
  ipma: Box,
  primary: number,
  format: ImageFormat,
  budget: Budget,
): Result<readonly number[], ImageFault> {
  const cursor = createCursor(bytes, ipma.body, ipma.end)
  const version = cursor.uint(1)
  const flags = cursor.uint(3)
  const count = cursor.uint(4)
  const width = flags & 1 ? 2 : 1
  const indexes: number[] = []
  for (let i = 0; i < count; i++) {
    if (budget.left-- <= 0) return tooManyParts(format)
    const id = cursor.uint(version === 0 ? 2 : 4)
    const associations = cursor.uint(1)
    if (cursor.overran()) return damaged(format, 'ipma')
    for (let j = 0; j < associations; j++) {
      // The highest bit says "essential".
      const index = cursor.uint(width) & (width === 2 ? 0x7fff : 0x7f)
      if (id === primary) indexes.push(index)
    }
  }
  return cursor.overran() ? damaged(format, 'ipma') : ok(indexes)
}

/** `irot` turns anticlockwise by quarters; `imir` swaps top and bottom (0) or left and right (1). */
function turnOf(bytes: Uint8Array, box: Box): Matrix {
  const value = bytes[box.body] ?? 0
  if (box.type === 'imir') return matrices[value & 1 ? 2 : 4]
  if (box.type !== 'irot') return matrices[1]
  return matrices[([1, 8, 3, 6] as const)[value & 3] ?? 1]
}

function orientationOf(turns: readonly Matrix[]): Orientation {
  let [a, b, c, d] = matrices[1]
  for (const [e, f, g, h] of turns) {
    ;[a, b, c, d] = [e * a + f * c, e * b + f * d, g * a + h * c, g * b + h * d]
  }
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
    const [e, f, g, h] = matrices[orientation]
    if (a === e && b === f && c === g && d === h) return orientation
  }
  return 1
}
