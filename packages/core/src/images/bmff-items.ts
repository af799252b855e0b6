/**
 * Items of a HEIC or AVIF file: what they are (`iinf`), where they lie (`iloc`), how they relate (`iref`).
 *
 * @module
 */
import { ok, type Result } from '../result.ts'
import { type Box, type Budget, createCursor, readBoxes } from './bmff-box.ts'
import { latin1 } from './read.ts'
import { damaged, type ImageFault, type ImageFormat, tooManyParts, truncated } from './scan.ts'

/** Bytes of the file, `start` to `end`. */
export interface Extent {
  readonly start: number
  readonly end: number
}

export interface Item {
  readonly id: number
  /** Four characters; empty when the item has a place but no description. */
  readonly type: string
  /** For items of type `mime`, else empty. */
  readonly contentType: string
  readonly extents: readonly Extent[]
}

export interface Items {
  readonly primary: number
  readonly items: readonly Item[]
  readonly hasThumbnail: boolean
}

/** Bytes of names and types in an item's description. */
const maxNameLength = 256

export function readItems(
  bytes: Uint8Array,
  meta: readonly Box[],
  format: ImageFormat,
  budget: Budget,
): Result<Items, ImageFault> {
  const boxOf = (type: string) => meta.find((box) => box.type === type)
  const [pitm, iinf, iloc, iref] = [boxOf('pitm'), boxOf('iinf'), boxOf('iloc'), boxOf('iref')]
  if (pitm === undefined || iinf === undefined || iloc === undefined) return damaged(format, 'no items')
  const types = meta.map((box) => box.type).filter((type) => type !== 'free' && type !== 'skip')
  if (new Set(types).size !== types.length) return damaged(format, 'a box of meta twice')

  const cursor = createCursor(bytes, pitm.body, pitm.end)
  const primary = idAfterVersion(cursor)
  if (cursor.overran()) return damaged(format, 'pitm')

  const described = readDescriptions(bytes, iinf, format, budget)
  if (!described.ok) return described
  const located = readLocations(bytes, iloc, boxOf('idat'), format, budget)
  if (!located.ok) return located
  const items: Item[] = []
  for (const [id, { type, contentType }] of described.value) {
    items.push({ id, type, contentType, extents: located.value.get(id) ?? [] })
  }
  for (const [id, extents] of located.value) {
    if (!described.value.has(id)) items.push({ id, type: '', contentType: '', extents })
  }
  if (!described.value.has(primary)) return damaged(format, 'no primary item')

  let hasThumbnail = false
  if (iref !== undefined) {
    const references = readBoxes(bytes, iref.body + 4, iref.end, format, budget)
    if (!references.ok) return references
    hasThumbnail = references.value.some((box) => box.type === 'thmb')
  }
  return ok({ primary, items, hasThumbnail })
}

interface Description {
  readonly type: string
  readonly contentType: string
}

function readDescriptions(
  bytes: Uint8Array,
  iinf: Box,
  format: ImageFormat,
  budget: Budget,
): Result<ReadonlyMap<number, Description>, ImageFault> {
  const header = createCursor(bytes, iinf.body, iinf.end)
  const wide = header.uint(1) !== 0
  header.skip(3)
  header.uint(wide ? 4 : 2)
  if (header.overran()) return damaged(format, 'iinf')
  const entries = readBoxes(bytes, header.at(), iinf.end, format, budget)
  if (!entries.ok) return entries

  const described = new Map<number, Description>()
  for (const entry of entries.value) {
    const cursor = createCursor(bytes, entry.body, entry.end)
    const version = cursor.uint(1)
    cursor.skip(3)
    const id = cursor.uint(version === 3 ? 4 : 2)
    cursor.skip(2)
    const type = latin1(bytes, cursor.at(), 4)
    cursor.skip(4)
    if (entry.type !== 'infe' || (version !== 2 && version !== 3) || cursor.overran()) {
      return damaged(format, 'infe')
    }
    if (described.has(id)) return damaged(format, 'an item twice')
    const texts = latin1(bytes, cursor.at(), Math.min(entry.end - cursor.at(), maxNameLength)).split('\0')
    described.set(id, { type, contentType: type === 'mime' ? (texts[1] ?? '') : '' })
  }
  return ok(described)
}

function readLocations(
  bytes: Uint8Array,
  iloc: Box,
  idat: Box | undefined,
  format: ImageFormat,
  budget: Budget,
): Result<ReadonlyMap<number, readonly Extent[]>, ImageFault> {
  const cursor = createCursor(bytes, iloc.body, iloc.end)
  const version = cursor.uint(1)
  cursor.skip(3)
  const sizes = cursor.uint(2)
  const [offsetWidth, lengthWidth] = [(sizes >> 12) & 15, (sizes >> 8) & 15]
  const [baseWidth, indexWidth] = [(sizes >> 4) & 15, version === 0 ? 0 : sizes & 15]
  const badWidth = [offsetWidth, lengthWidth, baseWidth, indexWidth].some(
    (width) => ![0, 4, 8].includes(width),
  )
  if (version > 2 || badWidth) return damaged(format, 'iloc')

  const located = new Map<number, readonly Extent[]>()
  const count = cursor.uint(version === 2 ? 4 : 2)
  for (let i = 0; i < count; i++) {
    if (budget.left-- <= 0) return tooManyParts(format)
    const id = cursor.uint(version === 2 ? 4 : 2)
    const method = version === 0 ? 0 : cursor.uint(2) & 15
    const source = cursor.uint(2)
    const base = cursor.uint(baseWidth)
    const extentCount = cursor.uint(2)
    if (cursor.overran()) return damaged(format, 'iloc')
    // Method 0 counts from the file's beginning, 1 from the item data box; 2 (within another item) is not used.
    const space = method === 0 ? { body: 0, end: bytes.length } : method === 1 ? idat : undefined
    if (space === undefined || source !== 0 || located.has(id)) return damaged(format, 'item location')
    const extents: Extent[] = []
    for (let j = 0; j < extentCount; j++) {
      if (budget.left-- <= 0) return tooManyParts(format)
      cursor.skip(indexWidth)
      const start = space.body + base + cursor.uint(offsetWidth)
      const length = cursor.uint(lengthWidth)
      if (cursor.overran() || length === 0) return damaged(format, 'item extent')
      if (start + length > space.end) return method === 0 ? truncated(format) : damaged(format, 'item extent')
      extents.push({ start, end: start + length })
    }
    located.set(id, extents)
  }
  return ok(located)
}

function idAfterVersion(cursor: ReturnType<typeof createCursor>): number {
  const version = cursor.uint(1)
  cursor.skip(3)
  return cursor.uint(version === 0 ? 2 : 4)
}
