/**
 * The movie box of MP4 and MOV, sifted in place: what is not on the lists becomes `free` and zero, so nothing moves
 * (spec I33, I34).
 *
 *     moov ─▶ tracks that a person sees or hears stay │ others go, and the bytes of their samples are named
 *
 * @module
 */
import { type Box, boxAt } from '../images/bmff-box.ts'
import { latin1, latin1Bytes, uint32 } from '../images/read.ts'
import { err, ok, type Result } from '../result.ts'
import { indexOfText } from './index-of-text.ts'
import { isBlank } from './media-reader.ts'
import { sampleRanges } from './mp4-samples.ts'
import {
  type ByteRange,
  type Findings,
  type MediaBudget,
  type MediaFault,
  mediaDamaged,
  mediaTooLarge,
} from './report.ts'

type Sifted = Result<null, MediaFault>

/** What stays in each container; a name that is a key itself is looked into. */
const kept: Readonly<Record<string, readonly string[]>> = {
  moov: ['mvhd', 'trak', 'mvex', 'iods'],
  trak: ['tkhd', 'edts', 'mdia', 'tref', 'tapt'],
  edts: ['elst'],
  tapt: ['clef', 'prof', 'enof'],
  mdia: ['mdhd', 'hdlr', 'minf', 'elng'],
  minf: ['vmhd', 'smhd', 'nmhd', 'sthd', 'hmhd', 'gmhd', 'hdlr', 'dinf', 'stbl'],
  gmhd: ['gmin', 'text'],
  dinf: ['dref'],
  stbl: [
    ...[
      'stsd',
      'stts',
      'ctts',
      'cslg',
      'stss',
      'stps',
      'stsz',
      'stz2',
      'stsc',
      'stco',
      'co64',
      'sdtp',
      'stdp',
    ],
    ...['sgpd', 'sbgp', 'subs', 'saiz', 'saio', 'padb'],
  ],
  mvex: ['mehd', 'trex', 'trep', 'leva'],
  moof: ['mfhd', 'traf'],
  traf: ['tfhd', 'tfdt', 'trun', 'sgpd', 'sbgp', 'subs', 'saiz', 'saio', 'senc'],
  mfra: ['tfra', 'mfro'],
}

/** Handlers of tracks that a person sees or hears. In words over a film drones and cameras write where they are. */
const keptTracks: readonly string[] = ['vide', 'soun', 'pict', 'auxv']

const xmpUuid = '\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac'

/** Where it is often said where something was taken. */
const placeNames: readonly string[] = ['\xa9xyz', 'loci', 'location', 'GPS']

/** Of cameras in cars: a list of where among the media they wrote where they were. */
const placeTable = 'gps '

interface Sieve {
  readonly bytes: Uint8Array
  readonly findings: Findings
  readonly budget: MediaBudget
}

interface Track {
  readonly box: Box
  readonly id: number
  readonly handler: string
}

/** `bytes` is the body of `moov`; it is changed. */
export function siftMovie(bytes: Uint8Array, findings: Findings, budget: MediaBudget): Sifted {
  const sieve = { bytes, findings, budget }
  const inside = boxesIn(sieve, 0, bytes.length)
  if (!inside.ok) return inside
  // A movie that is compressed, or only says where others are.
  if (inside.value.some(({ type }) => type === 'cmov')) return cannotClean('compressed')
  if (!inside.value.some(({ type }) => type === 'trak')) return cannotClean('variant')
  const dropped = new Set<number>()
  for (const box of inside.value) {
    if (box.type !== 'trak') continue
    const track = readTrack(sieve, box)
    if (!track.ok) return track
    if (keptTracks.includes(track.value.handler)) continue
    if (inside.value.some((other) => other.type === 'mvex')) {
      return cannotClean('fragments')
    }
    const ranges = sampleRanges(bytes, tablesOf(sieve, box))
    if (!ranges.ok) return ranges
    findings.add('track')
    findings.blank(ranges.value)
    dropped.add(track.value.id)
    free(bytes, box)
  }
  return siftChildren(sieve, 'moov', 0, bytes.length, { handler: '', dropped })
}

/** `bytes` is the body of a box `moof` or `mfra`; it is changed. */
export function siftFragment(
  bytes: Uint8Array,
  type: 'moof' | 'mfra',
  findings: Findings,
  budget: MediaBudget,
): Sifted {
  return siftChildren({ bytes, findings, budget }, type, 0, bytes.length, { handler: '', dropped: new Set() })
}

/** What a box that does not stay counts as, by its name and a piece of its body. */
export function droppedBoxKinds(
  type: string,
  body: Uint8Array,
): readonly ('location' | 'text' | 'xmp' | 'unknown')[] {
  if (type === 'uuid' && latin1(body, 0, 16) === xmpUuid) return ['xmp']
  if (placeNames.some((name) => indexOfText(body, name) !== -1)) return ['location', 'text']
  if (type === 'XMP_') return ['xmp']
  return [type === 'udta' || type === 'meta' ? 'text' : 'unknown']
}

const cannotClean = (reason: 'compressed' | 'fragments' | 'variant'): Result<never, MediaFault> =>
  err({ code: 'media-cannot-clean', kind: 'mp4', reason })

interface Surroundings {
  /** Of the track these boxes are in. */
  readonly handler: string
  /** Ids of the tracks that went. */
  readonly dropped: ReadonlySet<number>
}

function siftChildren(
  sieve: Sieve,
  container: string,
  from: number,
  to: number,
  around: Surroundings,
): Sifted {
  const { bytes, findings } = sieve
  const inside = boxesIn(sieve, from, to)
  if (!inside.ok) return inside
  for (const box of inside.value) {
    const { type } = box
    if (type === 'free' || type === 'skip') {
      if (!isBlank(bytes.subarray(box.body, box.end))) findings.add('unknown')
      bytes.fill(0, box.body, box.end)
    } else if (kept[container]?.includes(type) !== true) {
      if (type === placeTable) {
        findings.add('location')
        findings.blank(placesOf(bytes, box))
      } else findings.add(...droppedBoxKinds(type, bytes.subarray(box.body, box.end)))
      free(bytes, box)
    } else if (kept[type] !== undefined) {
      let inner = around
      if (type === 'trak') {
        const track = readTrack(sieve, box)
        if (!track.ok) return track
        inner = { ...around, handler: track.value.handler }
      }
      const sifted = siftChildren(sieve, type, box.body, box.end, inner)
      if (!sifted.ok) return sifted
    } else {
      const sifted = siftLeaf(sieve, box, around)
      if (!sifted.ok) return sifted
    }
  }
  return ok(null)
}

function siftLeaf(sieve: Sieve, box: Box, { handler, dropped }: Surroundings): Sifted {
  const { bytes, findings } = sieve
  switch (box.type) {
    case 'mvhd':
    case 'tkhd':
    case 'mdhd':
      // When it was made and last changed, each 4 or 8 bytes.
      if (blank(bytes, box.body + 4, box.body + (bytes[box.body] === 1 ? 20 : 12), box.end))
        findings.add('time')
      return ok(null)
    case 'hdlr':
      // Reserved fields, where QuickTime names the maker, and the name at the end.
      if (blank(bytes, box.body + 12, box.end, box.end)) findings.add('software')
      return ok(null)
    case 'stsd':
      return handler === 'vide' ? siftDescriptions(sieve, box) : ok(null)
    case 'dref':
      return siftReferences(sieve, box)
    case 'tref': {
      const inside = boxesIn(sieve, box.body, box.end)
      if (!inside.ok) return inside
      for (const child of inside.value) if (names(bytes, child, dropped)) free(bytes, child)
      return ok(null)
    }
    default:
      return ok(null)
  }
}

/** Each video sample entry names its compressor in 32 bytes, after 50. */
function siftDescriptions(sieve: Sieve, box: Box): Sifted {
  const entries = boxesIn(sieve, box.body + 8, box.end)
  if (!entries.ok) return entries
  for (const { start, end } of entries.value) {
    if (blank(sieve.bytes, start + 50, start + 82, end)) sieve.findings.add('software')
  }
  return ok(null)
}

/** Version and flags, a count, then offset and length of each, 4 bytes all. */
function placesOf(bytes: Uint8Array, { body, end }: Box): readonly ByteRange[] {
  const ranges: ByteRange[] = []
  for (let at = body + 8; at + 8 <= end; at += 8) {
    const start = uint32(bytes, at)
    ranges.push({ start, end: start + uint32(bytes, at + 4) })
  }
  return ranges
}

/** Where the media are: in this file, which needs no words. An alias would name a person's folders. */
function siftReferences(sieve: Sieve, box: Box): Sifted {
  const entries = boxesIn(sieve, box.body + 8, box.end)
  if (!entries.ok) return entries
  for (const { body, end } of entries.value) {
    if (blank(sieve.bytes, body + 4, end, end)) sieve.findings.add('text')
  }
  return ok(null)
}

function readTrack(sieve: Sieve, box: Box): Result<Track, MediaFault> {
  const { bytes } = sieve
  const inside = boxesIn(sieve, box.body, box.end)
  if (!inside.ok) return inside
  const header = inside.value.find(({ type }) => type === 'tkhd')
  const media = inside.value.find(({ type }) => type === 'mdia')
  if (header === undefined || media === undefined) return mediaDamaged('mp4', 'track')
  const inMedia = boxesIn(sieve, media.body, media.end)
  if (!inMedia.ok) return inMedia
  const handler = inMedia.value.find(({ type }) => type === 'hdlr')
  if (handler === undefined || handler.end - handler.body < 12) return mediaDamaged('mp4', 'track handler')
  const id = uint32(bytes, header.body + (bytes[header.body] === 1 ? 20 : 12))
  return ok({ box, id, handler: latin1(bytes, handler.body + 8, 4) })
}

function tablesOf(sieve: Sieve, track: Box): readonly Box[] {
  let within: readonly Box[] = [track]
  for (const name of ['mdia', 'minf', 'stbl']) {
    const next: Box[] = []
    for (const { body, end } of within) {
      const inside = boxesIn(sieve, body, end)
      if (inside.ok) next.push(...inside.value.filter(({ type }) => type === name))
    }
    within = next
  }
  return within.flatMap(({ body, end }) => {
    const tables = boxesIn(sieve, body, end)
    return tables.ok ? tables.value : []
  })
}

function boxesIn({ bytes, budget }: Sieve, from: number, to: number): Result<readonly Box[], MediaFault> {
  const boxes: Box[] = []
  for (let at = from; at < to; ) {
    if (budget.left-- <= 0) return mediaTooLarge('mp4', 'boxes')
    // QuickTime ends some lists with four zeros.
    if (to - at < 8 && isBlank(bytes.subarray(at, to))) break
    const box = boxAt(bytes, at, to)
    if (!box.ok) return mediaDamaged('mp4', box.error)
    boxes.push(box.value)
    at = box.value.end
  }
  return ok(boxes)
}

/** Whether a reference names one of the tracks. */
function names(bytes: Uint8Array, { body, end }: Box, tracks: ReadonlySet<number>): boolean {
  for (let at = body; at + 4 <= end; at += 4) if (tracks.has(uint32(bytes, at))) return true
  return false
}

function free(bytes: Uint8Array, { start, body, end }: Box): void {
  bytes.set(latin1Bytes('free'), start + 4)
  bytes.fill(0, body, end)
}

/** Makes a range zero, up to `end`; returns whether it was not before. */
function blank(bytes: Uint8Array, from: number, to: number, end: number): boolean {
  const range = bytes.subarray(Math.min(from, end), Math.min(to, end))
  if (isBlank(range)) return false
  range.fill(0)
  return true
}
