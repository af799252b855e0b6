/**
 * HEIC and AVIF: inspected, not rewritten (spec I10).
 *
 *     ftyp meta(items, locations, properties) [moov] mdat ─▶ size, orientation, and whatever is not on the lists below
 *
 * Unknown is not clean: boxes, item types and properties that are not listed count as metadata, and so do media
 * bytes that no item lays claim to.
 *
 * @module
 */
import { err, ok, type Result } from '../result.ts'
import { type Box, type Budget, fullBudget, readBoxes } from './bmff-box.ts'
import { type Item, readItems } from './bmff-items.ts'
import { readProperties } from './bmff-properties.ts'
import { exifKinds, readTiff } from './exif.ts'
import { latin1, uint32 } from './read.ts'
import { damaged, type ImageFault, type MetadataKind, type Scan } from './scan.ts'

type Format = 'heic' | 'avif'

const heicBrands: readonly string[] = [
  'heic',
  'heix',
  'heim',
  'heis',
  'hevc',
  'hevx',
  'hevm',
  'hevs',
  'mif1',
  'msf1',
]
const avifBrands: readonly string[] = ['avif', 'avis']
const keptInMeta: readonly string[] = ['hdlr', 'pitm', 'iinf', 'iloc', 'iprp', 'iref', 'idat', 'grpl']
const keptItems: readonly string[] = ['hvc1', 'av01', 'grid', 'iden', 'iovl', 'tmap']

const trackContainers: readonly string[] = ['moov', 'trak', 'edts', 'mdia', 'minf', 'dinf', 'stbl', 'tref']
const keptInTracks: readonly string[] = [
  ...['mvhd', 'tkhd', 'elst', 'mdhd', 'hdlr', 'vmhd', 'nmhd', 'dref', 'auxl', 'thmb'],
  ...['stsd', 'stts', 'stsc', 'stsz', 'stco', 'co64', 'stss', 'ctts', 'sgpd', 'sbgp', 'cslg', 'sdtp'],
]

/** A `ftyp` longer than this lists more brands than there are. Bytes. */
const maxBrandsLength = 1024

/** `uuid` boxes of this kind hold XMP. */
const xmpUuid = '\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac'

/** HEIC or AVIF by the brands of the first box; null for other files of this family, video above all. */
export function bmffFormat(bytes: Uint8Array): Format | null {
  if (latin1(bytes, 4, 4) !== 'ftyp') return null
  const end = Math.min(uint32(bytes, 0), bytes.length, maxBrandsLength)
  const brands: string[] = []
  for (let at = 8; at + 4 <= end; at += 4) if (at !== 12) brands.push(latin1(bytes, at, 4))
  if (brands.some((brand) => avifBrands.includes(brand))) return 'avif'
  return brands.some((brand) => heicBrands.includes(brand)) ? 'heic' : null
}

export function scanBmff(bytes: Uint8Array, format: Format): Result<Scan, ImageFault> {
  const budget = fullBudget()
  const top = readBoxes(bytes, 0, bytes.length, format, budget)
  if (!top.ok) return top
  const metas = top.value.filter((box) => box.type === 'meta')
  const [meta] = metas
  if (meta === undefined || metas.length > 1) return damaged(format, 'not one meta box')
  // `meta` is a full box: four bytes of version and flags.
  const inMeta = readBoxes(bytes, meta.body + 4, meta.end, format, budget)
  if (!inMeta.ok) return inMeta
  const items = readItems(bytes, inMeta.value, format, budget)
  if (!items.ok) return items
  const properties = readProperties(bytes, inMeta.value, items.value.primary, format, budget)
  if (!properties.ok) return properties
  const { width, height, orientation } = properties.value

  const kinds: MetadataKind[] = []
  for (const item of items.value.items) kinds.push(...itemKinds(bytes, item))
  for (const box of inMeta.value) if (!keptInMeta.includes(box.type)) kinds.push(...boxKinds(bytes, box))
  if (items.value.hasThumbnail) kinds.push('thumbnail')
  kinds.push(...properties.value.metadata)

  const sequence = top.value.find((box) => box.type === 'moov')
  for (const box of top.value) {
    if (box === meta || box === top.value[0]) continue
    if (box === sequence) {
      const inTracks = trackKinds(bytes, box, format, budget)
      if (!inTracks.ok) return err(inTracks.error)
      kinds.push(...inTracks.value)
    } else if (box.type !== 'mdat') kinds.push(...boxKinds(bytes, box))
  }
  // The samples of a sequence are listed elsewhere than its items: there the media bytes are taken as claimed.
  const media = inMeta.value.filter((box) => box.type === 'idat')
  if (sequence === undefined) media.push(...top.value.filter((box) => box.type === 'mdat'))
  if (!isClaimed(bytes, media, items.value.items)) kinds.push('unknown')

  const metadata = [...new Set(kinds)]
  const info = { format, width, height, orientation, metadata, animated: sequence !== undefined }
  return ok({ info, parts: null })
}

function itemKinds(bytes: Uint8Array, item: Item): readonly MetadataKind[] {
  if (item.type === 'Exif') {
    // Four bytes say where the TIFF block begins after them. What further extents hold changes no verdict.
    const block = bytes.subarray(item.extents[0]?.start ?? 0, item.extents[0]?.end ?? 0)
    return exifKinds(readTiff(block.subarray(4 + uint32(block, 0))))
  }
  if (item.type === 'mime') return [item.contentType === 'application/rdf+xml' ? 'xmp' : 'unknown']
  return keptItems.includes(item.type) ? [] : ['unknown']
}

/** What a box that is on no list counts as; padding made of zeros is nothing. */
function boxKinds(bytes: Uint8Array, box: Box): readonly MetadataKind[] {
  if (box.type === 'free' || box.type === 'skip') return isZero(bytes, box.body, box.end) ? [] : ['unknown']
  if (box.type === 'uuid') return [latin1(bytes, box.body, xmpUuid.length) === xmpUuid ? 'xmp' : 'unknown']
  return [box.type === 'xml ' || box.type === 'bxml' ? 'xmp' : 'unknown']
}

/** Walks the movie box of an image sequence; containers are few and known, so the depth is too. */
function trackKinds(
  bytes: Uint8Array,
  movie: Box,
  format: Format,
  budget: Budget,
): Result<readonly MetadataKind[], ImageFault> {
  const kinds: MetadataKind[] = []
  const pending = [movie]
  for (let box = pending.pop(); box !== undefined; box = pending.pop()) {
    const inner = readBoxes(bytes, box.body, box.end, format, budget)
    if (!inner.ok) return inner
    for (const child of inner.value) {
      if (trackContainers.includes(child.type)) pending.push(child)
      else if (!keptInTracks.includes(child.type)) kinds.push(...boxKinds(bytes, child))
      else if (child.type === 'hdlr' && !isPictureTrack(bytes, child)) kinds.push('unknown')
    }
  }
  return ok(kinds)
}

function isPictureTrack(bytes: Uint8Array, handler: Box): boolean {
  const type = latin1(bytes, handler.body + 8, 4)
  return type === 'pict' || type === 'auxv'
}

/** Whether every byte of the media boxes is in some item's extent, or zero. */
function isClaimed(bytes: Uint8Array, media: readonly Box[], items: readonly Item[]): boolean {
  const extents = items.flatMap((item) => item.extents).sort((a, b) => a.start - b.start)
  for (const box of media) {
    let at = box.body
    for (const extent of extents) {
      if (extent.start >= box.end) break
      if (extent.start > at && !isZero(bytes, at, extent.start)) return false
      at = Math.max(at, extent.end)
    }
    if (!isZero(bytes, at, box.end)) return false
  }
  return true
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false
  return true
}
