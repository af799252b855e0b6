/**
 * Small WAV, FLAC, Ogg and WebM files, made here, as `media-samples.ts` has the others.
 *
 * @module
 */
import { concatBytes } from '../src/bytes.ts'
import { latin1Bytes } from '../src/images/read.ts'
import { checksum } from '../src/media/ogg.ts'
import type { MediaSample } from './media-samples.ts'

type Part = Uint8Array | string | readonly number[]

const join = (...parts: readonly Part[]): Uint8Array =>
  concatBytes(
    ...parts.map((part) =>
      typeof part === 'string'
        ? latin1Bytes(part)
        : part instanceof Uint8Array
          ? part
          : Uint8Array.from(part),
    ),
  )
const le32 = (value: number): readonly number[] => [
  value & 255,
  (value >>> 8) & 255,
  (value >>> 16) & 255,
  value >>> 24,
]
const zeros = (length: number) => new Uint8Array(length)

// WAV: chunks, little-endian, padded to even lengths.

const chunk = (name: string, ...parts: readonly Part[]): Uint8Array => {
  const body = join(...parts)
  return join(name, le32(body.length), body, body.length % 2 === 1 ? [0] : [])
}
const format = chunk('fmt ', [1, 0, 1, 0], le32(8000), le32(8000), [1, 0, 8, 0])
const sound = chunk('data', 'CONTENT sound')
const riff = (...chunks: readonly Uint8Array[]) => {
  const body = join('WAVE', ...chunks)
  return join('RIFF', le32(body.length), body)
}
const list = chunk('LIST', 'INFO', chunk('INAM', 'PRIVATE name'))
const wide = join(
  ...[
    'RF64',
    le32(0xffffffff),
    'WAVE',
    chunk('ds64', le32(100), le32(0), le32(14), le32(0), zeros(12)),
    format,
  ],
  ...['data', le32(0xffffffff), 'CONTENT sound!', list],
)

// FLAC: blocks.

const block = (type: number, ...parts: readonly Part[]) => {
  const body = join(...parts)
  return join([type, 0, body.length >> 8, body.length & 255], body)
}
const facts = block(0, [16, 0, 16, 0], zeros(6), [0x0a, 0xc4, 0x42, 0xf0], zeros(4), 'CONTENT sum.....')
const flacFrames = join([0xff, 0xf8, 0xc9, 0x18], 'CONTENT frames')

// Ogg: pages with checksums.

function page(
  flags: number,
  serial: number,
  sequence: number,
  sizes: readonly number[],
  body: Part,
): Uint8Array {
  const made = join(
    'OggS',
    [0, flags],
    zeros(8),
    le32(serial),
    le32(sequence),
    le32(0),
    [sizes.length, ...sizes],
    body,
  )
  made.set(le32(checksum(made)), 22)
  return made
}
/** How a packet of `length` bytes is cut. */
const cuts = (length: number): readonly number[] => [
  ...Array<number>(Math.floor(length / 255)).fill(255),
  length % 255,
]
const comments = (text: string) => join(le32(7), 'PRIVATE', le32(1), le32(text.length), text)

const opusHead = join('OpusHead', [1, 1, 0, 0], le32(48000), [0, 0, 0])
const opusTags = join('OpusTags', comments('ARTIST=PRIVATE'))
const opus = join(
  page(2, 7, 0, cuts(opusHead.length), opusHead),
  page(0, 7, 1, cuts(opusTags.length), opusTags),
  page(4, 7, 2, cuts(12), 'CONTENT opus'),
)
const vorbisHead = join('\x01vorbis', zeros(23))
const vorbisTags = join('\x03vorbis', comments(`METADATA_BLOCK_PICTURE=${'PRIVATE '.repeat(60)}`), [1])
const setup = join('\x05vorbis', 'CONTENT setup')
const firstPart = vorbisTags.subarray(0, 255)
const rest = join(vorbisTags.subarray(255), setup)
const vorbis = join(
  page(2, 8, 0, cuts(vorbisHead.length), vorbisHead),
  page(0, 8, 1, [255], firstPart),
  page(1, 8, 2, [...cuts(vorbisTags.length - 255), ...cuts(setup.length)], rest),
  page(4, 8, 3, cuts(14), 'CONTENT vorbis'),
)

// WebM: elements, with ids of any length and sizes of one or two bytes.

const element = (id: readonly number[], ...parts: readonly Part[]): Uint8Array => {
  const body = join(...parts)
  return join(
    id,
    body.length < 127 ? [0x80 | body.length] : [0x40 | (body.length >> 8), body.length & 255],
    body,
  )
}
const ebml = element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], 'webm'))
const seek = (...id: readonly number[]) =>
  element([0x4d, 0xbb], element([0x53, 0xab], id), element([0x53, 0xac], [1]))
const seekHead = element([0x11, 0x4d, 0x9b, 0x74], seek(0x15, 0x49, 0xa9, 0x66), seek(0x12, 0x54, 0xc3, 0x67))
const info = element(
  [0x15, 0x49, 0xa9, 0x66],
  ...[element([0xbf], 'csum'), element([0x2a, 0xd7, 0xb1], [15, 66, 64])],
  ...[element([0x4d, 0x80], 'PRIVATE muxer'), element([0x57, 0x41], 'PRIVATE app')],
  ...[element([0x44, 0x61], zeros(7), [1]), element([0x7b, 0xa9], 'PRIVATE title')],
)
const track = (type: number) =>
  element(
    [0xae],
    element([0xd7], [1]),
    element([0x83], [type]),
    element([0x53, 0x6e], 'PRIVATE track'),
    element([0x86], 'CONTENT'),
  )
const tracks = (type = 1) => element([0x16, 0x54, 0xae, 0x6b], track(type))
const cluster = element([0x1f, 0x43, 0xb6, 0x75], element([0xe7], [0]), element([0xa3], 'CONTENT block'))
const openCluster = join(
  [0x1f, 0x43, 0xb6, 0x75, 0xff],
  element([0xe7], [0]),
  element([0xa3], 'CONTENT block'),
)
const tags = element([0x12, 0x54, 0xc3, 0x67], 'PRIVATE '.repeat(20))
const attachment = element([0x19, 0x41, 0xa4, 0x69], 'PRIVATE')
const segment = (...parts: readonly Uint8Array[]) => join(ebml, element([0x18, 0x53, 0x80, 0x67], ...parts))
const openSegment = join(ebml, [0x18, 0x53, 0x80, 0x67, 0x01, 255, 255, 255, 255, 255, 255, 255])

const id3 = join('ID3', [4, 0, 0, 0, 0, 0, 7], 'PRIVATE')

export const soundSamples: readonly MediaSample[] = [
  { name: 'wav: sound alone', rule: 'I36', kind: 'wav', file: riff(format, sound) },
  {
    name: 'wav: lists, broadcast facts, junk, a tail',
    rule: 'I36',
    kind: 'wav',
    file: join(
      riff(format, list, chunk('bext', 'PRIVATE'), chunk('JUNK', 'PRIVATE'), sound, chunk('_PMX', 'PRIVATE')),
      'PRIVATE!',
    ),
  },
  { name: 'wav: 64 bits', rule: 'I36', kind: 'wav', file: wide },
  { name: 'wav: sound twice', rule: 'I36', kind: 'wav', file: riff(format, sound, sound) },
  {
    name: 'flac: tags, a cover, another kind of tag at both ends',
    rule: 'I37',
    kind: 'flac',
    file: join(
      id3,
      'fLaC',
      facts,
      block(4, comments('A=PRIVATE')),
      block(1, 'PRIVATE'),
      block(0x86, 'PRIVATE'),
      flacFrames,
      'TAG',
      'PRIVATE',
      zeros(118),
    ),
  },
  { name: 'flac: no frames', rule: 'I37', kind: 'flac', file: join('fLaC', block(0x80, zeros(34))) },
  { name: 'ogg: Opus', rule: 'I38', kind: 'ogg', file: opus },
  {
    name: 'ogg: Vorbis, with a cover over two pages',
    rule: 'I38',
    kind: 'ogg',
    file: join(vorbis, 'PRIVATE'),
  },
  { name: 'ogg: two streams, one after the other', rule: 'I38', kind: 'ogg', file: join(opus, vorbis) },
  { name: 'ogg: another codec', rule: 'I38', kind: 'ogg', file: page(2, 9, 0, [8], 'fishead\0') },
  {
    name: 'webm: tags, title, attachments',
    rule: 'I40',
    kind: 'webm',
    file: join(
      segment(seekHead, element([0xec], 'PRIVATE'), info, tracks(), attachment, cluster, tags),
      'PRIVATE',
    ),
  },
  {
    name: 'webm: as a browser records it',
    rule: 'I40',
    kind: 'webm',
    file: join(openSegment, info, tracks(2), openCluster, openCluster),
  },
  {
    name: 'webm: a track of something else',
    rule: 'I40',
    kind: 'webm',
    file: segment(info, tracks(0x21), cluster),
  },
]
