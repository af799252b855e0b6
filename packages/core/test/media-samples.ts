/**
 * Small videos, sounds and documents, made here: whole enough for the rules of spec I30 to I39. What has to go says `PRIVATE`,
 * what has to stay says `CONTENT`.
 *
 * @module
 */
import { concatBytes, utf8 } from '../src/bytes.ts'
import { latin1Bytes } from '../src/images/read.ts'
import type { MediaKind } from '../src/media/index.ts'
import { soundSamples } from './sound-samples.ts'

export interface MediaSample {
  readonly name: string
  readonly rule: string
  readonly kind: MediaKind
  readonly file: Uint8Array
}

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

const u32 = (value: number): readonly number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
]
const zeros = (length: number) => new Uint8Array(length)

// MP4: boxes.

const box = (type: string, ...parts: readonly Part[]): Uint8Array => {
  const body = join(...parts)
  return join(u32(body.length + 8), type, body)
}
const full = (type: string, ...parts: readonly Part[]) => box(type, u32(0), ...parts)

const times = join(u32(0x12345678), u32(0x12345679))
const matrix = join(u32(0x10000), zeros(12), u32(0x10000), zeros(12), u32(0x40000000))

interface Track {
  readonly id: number
  readonly handler: string
  readonly format: Uint8Array
  readonly sample: Uint8Array
}

const videoFormat = box(
  'avc1',
  ...[zeros(6), [0, 1], zeros(16), [0, 16, 0, 16], u32(0x480000), u32(0x480000), zeros(4), [0, 1]],
  ...[[14], 'PRIVATE camera', zeros(17), [0, 24, 255, 255]],
)
const video: Track = { id: 1, handler: 'vide', format: videoFormat, sample: utf8('CONTENT of the video') }
const sound: Track = {
  id: 2,
  handler: 'soun',
  format: box('mp4a', zeros(28), box('esds', u32(0), 'CONTENT setup')),
  sample: utf8('CONTENT of the sound'),
}
const places: Track = {
  id: 3,
  handler: 'meta',
  format: box('mebx', zeros(8), 'PRIVATE keys'),
  sample: utf8('PRIVATE +48.2+16.3/'),
}

/** As drones write it: where they are, in words over the film. */
const words: Track = {
  id: 4,
  handler: 'sbtl',
  format: box('tx3g', zeros(38)),
  sample: utf8('PRIVATE GPS(16.3,48.2,19) F/2.8'),
}

function trackBox({ id, handler, format, sample }: Track, offset: number, isWide: boolean): Uint8Array {
  const media =
    handler === 'vide' ? full('vmhd', zeros(8)) : handler === 'soun' ? full('smhd', zeros(4)) : full('nmhd')
  const chunk = isWide ? full('co64', u32(1), u32(0), u32(offset)) : full('stco', u32(1), u32(offset))
  const tables = box(
    'stbl',
    full('stsd', u32(1), format),
    full('stts', u32(1), u32(1), u32(1000)),
    full('stsc', u32(1), u32(1), u32(1), u32(1)),
    handler === 'meta'
      ? full('stsz', u32(0), u32(1), u32(sample.length))
      : full('stsz', u32(sample.length), u32(1)),
    chunk,
  )
  return box(
    'trak',
    full(
      'tkhd',
      times,
      u32(id),
      zeros(8),
      u32(1000),
      zeros(8),
      zeros(4),
      matrix,
      u32(0x100000),
      u32(0x100000),
    ),
    box(
      'mdia',
      full('mdhd', times, u32(1000), u32(1000), zeros(4)),
      full('hdlr', u32(0), handler, 'PRIV', zeros(8), 'PRIVATE handler\0'),
      box('minf', media, box('dinf', full('dref', u32(1), box('url ', [0, 0, 0, 1]))), tables),
    ),
    handler === 'vide' ? box('tref', box('cdsc', u32(3))) : new Uint8Array(0),
    handler === 'vide' ? box('udta', box('name', 'PRIVATE track')) : new Uint8Array(0),
  )
}

function movie(
  tracks: readonly Track[],
  offset: number,
  extra: readonly Uint8Array[],
  isWide = false,
): Uint8Array {
  let at = offset
  const boxes: Uint8Array[] = []
  for (const track of tracks) {
    boxes.push(trackBox(track, at, isWide))
    at += track.sample.length
  }
  return box('moov', full('mvhd', times, u32(1000), u32(1000), zeros(76), u32(4)), ...boxes, ...extra)
}

const xmpUuid = '\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac'
const ftyp = box('ftyp', 'isom', u32(512), 'isom', 'avc1')
const qt = box('ftyp', 'qt  ', u32(512), 'qt  ')
const place = box('udta', box('\xa9xyz', [0, 19, 0x15, 0xc7], 'PRIVATE +48.2+16.3/'))
const keys = box(
  'meta',
  box('keys', u32(0), u32(1), u32(40), 'mdta', 'com.apple.quicktime.location.ISO6709'),
  'PRIVATE!',
)
const samplesOf = (tracks: readonly Track[]) => join(...tracks.map(({ sample }) => sample))

function mp4First(tracks: readonly Track[], extra: readonly Uint8Array[]): Uint8Array {
  const length = movie(tracks, 0, extra).length
  return join(ftyp, movie(tracks, ftyp.length + length + 8, extra), box('mdat', samplesOf(tracks)))
}

function mp4Last(tracks: readonly Track[], extra: readonly Uint8Array[]): Uint8Array {
  const media = join(u32(1), 'mdat', u32(0), u32(samplesOf(tracks).length + 16), samplesOf(tracks))
  return join(qt, box('wide'), media, movie(tracks, qt.length + 8 + 16, extra, true))
}

const fragment = join(
  box(
    'moof',
    full('mfhd', u32(1)),
    box('traf', full('tfhd', u32(1)), full('trun', u32(1)), box('udta', 'PRIVATE')),
  ),
  box('mdat', 'CONTENT of a fragment'),
)
const fragmented = (tracks: readonly Track[]) =>
  join(ftyp, movie(tracks, 0, [box('mvex', full('trex', u32(1), zeros(16)))]), fragment)

// MP3: frames of version 1, layer 3, 128 kbit/s, 44.1 kHz.

const frame = (text: string) => join([0xff, 0xfb, 0x90, 0x00], text, zeros(417 - 4 - text.length))
const frames = join(frame('CONTENT first'), frame('CONTENT second'))
const id3 = (...parts: readonly Part[]) => {
  const body = join(...parts)
  return join('ID3', [4, 0, 0], [0, 0, body.length >> 7, body.length & 127], body)
}
const id3v1 = join('TAG', 'PRIVATE title', zeros(112))
const ape = (text: string) => {
  const items = join([text.length, 0, 0, 0], zeros(4), 'Artist\0', text)
  const edge = (flags: number) =>
    join('APETAGEX', [0xd0, 7, 0, 0], [items.length + 32, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, flags], zeros(8))
  return join(edge(0xa0), items, edge(0x80))
}

// PDF: objects one after another, with a table of where they are.

interface PdfOptions {
  readonly trailer?: string
  readonly comment?: string
}

function pdf(
  objects: readonly (string | Uint8Array)[],
  { trailer = '', comment = '' }: PdfOptions = {},
): Uint8Array {
  const parts: Uint8Array[] = [join('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', comment)]
  const offsets: number[] = []
  let at = parts[0]?.length ?? 0
  for (const [index, object] of objects.entries()) {
    offsets.push(at)
    const part = join(`${index + 1} 0 obj\n`, object, '\nendobj\n')
    parts.push(part)
    at += part.length
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  parts.push(join(`xref\n0 ${size}\n0000000000 65535 f \n${table}`))
  parts.push(join(`trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${at}\n%%EOF\n`))
  return join(...parts)
}

const stream = (keys: string, data: Part): Uint8Array => {
  const bytes = join(data)
  return join(`<< ${keys} /Length ${bytes.length} >>\nstream\n`, bytes, '\nendstream')
}

const catalog = '<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R >>'
const pages = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'
const page =
  '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /PieceInfo << /App (PRIVATE \\) piece) >> >>'
const shown = stream('', 'BT (CONTENT of the page) Tj ET')
const xmp = stream('/Type /Metadata /Subtype /XML', '<?xpacket?><x:xmpmeta>PRIVATE</x:xmpmeta>')
const info = '<< /Author (PRIVATE \\(nested (name)\\)) /Title 7 0 R /CreationDate (D:20260101) >>'
const jpeg = join(
  ...[[0xff, 0xd8], [0xff, 0xe1, 0, 17], 'Exif\0\0PRIVATE', [0, 0], [0xff, 0xfe, 0, 9], 'PRIVATE'],
  ...[[0xff, 0xe0, 0, 16], 'JFIF\0', zeros(9), [0xff, 0xda, 0, 4, 1, 2], 'CONTENT scan', [0xff, 0xd9]],
)
const objects = [
  catalog,
  pages,
  page,
  shown,
  xmp,
  info,
  '(PRIVATE title)',
  stream('/Subtype /Image /Filter /DCTDecode', jpeg),
]

/** `6 0 R` among objects that are compressed together. */
async function compressedPdf(keys: string): Promise<Uint8Array> {
  const values = ['<< /Author (PRIVATE PRIVATE PRIVATE) /Title 7 0 R >>', '(PRIVATE title)']
  const table = `6 0 7 ${(values[0]?.length ?? 0) + 1} `
  const deflating = new Blob([table, values.join(' ')]).stream().pipeThrough(new CompressionStream('deflate'))
  const data = new Uint8Array(await new Response(deflating).arrayBuffer())
  const held = stream(`/Type /ObjStm /N 2 /First ${table.length} ${keys}`, data)
  return pdf([catalog, pages, page, shown, held], { trailer: '/Info 6 0 R' })
}

export async function mediaSamples(): Promise<readonly MediaSample[]> {
  const mp4 = (name: string, rule: string, file: Uint8Array): MediaSample => ({
    name: `mp4: ${name}`,
    rule,
    kind: 'mp4',
    file,
  })
  const mp3 = (name: string, rule: string, file: Uint8Array): MediaSample => ({
    name: `mp3: ${name}`,
    rule,
    kind: 'mp3',
    file,
  })
  const doc = (name: string, rule: string, file: Uint8Array): MediaSample => ({
    name: `pdf: ${name}`,
    rule,
    kind: 'pdf',
    file,
  })
  const plain = mp4First([video, sound], [])
  return [
    mp4('times and names of programs', 'I34', plain),
    mp4('where it was taken, as a phone says it', 'I34', mp4First([video], [place, keys])),
    mp4('a track of places, movie first', 'I34', mp4First([video, places], [])),
    mp4('a track of places, movie last', 'I34', mp4Last([video, places, sound], [place])),
    mp4('words of a drone over the film', 'I34', mp4Last([video, words], [])),
    mp4(
      'boxes of others between and behind',
      'I33',
      join(plain, box('uuid', xmpUuid, 'PRIVATE'), box('free', 'PRIVATE'), box('meta', 'PRIVATE')),
    ),
    mp4(
      'boxes of others in front',
      'I33',
      join(ftyp, box('uuid', xmpUuid, 'PRIVATE'), box('free', zeros(9)), plain.subarray(ftyp.length)),
    ),
    mp4('a tail that is no box', 'I33', join(plain, 'PRIVATE tail \0\0\0')),
    mp4('fragments', 'I34', fragmented([video])),
    mp4('fragments with measurements', 'I34', fragmented([video, places])),
    mp4('a compressed movie', 'I34', join(ftyp, box('moov', box('cmov', 'PRIVATE')), box('mdat', 'CONTENT'))),
    mp4('two movies', 'I33', join(plain, plain)),
    mp4('no media', 'I33', join(ftyp, movie([video], 0, []))),
    mp3('frames alone', 'I35', frames),
    mp3(
      'tags of every kind',
      'I35',
      join(id3('TIT2', u32(9), zeros(2), 'PRIVATE t'), frames, ape('PRIVATE artist'), id3v1),
    ),
    mp3(
      'a cover, and a tag in the middle',
      'I35',
      join(
        id3('APIC', u32(9), zeros(2), 'PRIVATE cover'),
        frame('CONTENT a'),
        id3('PRIVATE'),
        frame('CONTENT b'),
      ),
    ),
    mp3(
      'junk between, a frame cut off',
      'I35',
      join(frames, 'PRIVATE \xff\xfb junk', frames, frame('PRIVATE').subarray(0, 200)),
    ),
    doc(
      'properties, XMP, pictures',
      'I39',
      pdf(objects, { trailer: '/Info 6 0 R', comment: '% made by PRIVATE and friends\n' }),
    ),
    doc('nothing but pages', 'I39', pdf([catalog, pages, '<< /Type /Page /Contents 4 0 R >>', shown])),
    doc(
      'properties twice, one of them older',
      'I39',
      join(
        pdf([...objects.slice(0, 4), xmp, info], { trailer: '/Info 6 0 R' }),
        `6 0 obj\n<< /Author (PRIVATE later) >>\nendobj\ntrailer\n<< /Info 6 0 R >>\n%%EOF\n`,
      ),
    ),
    doc('encrypted', 'I39', pdf(objects, { trailer: '/Encrypt 9 0 R' })),
    doc('properties among compressed objects', 'I39', await compressedPdf('/Filter /FlateDecode')),
    doc('compressed in another way', 'I39', await compressedPdf('/Filter /LZWDecode')),
    doc('no trailer', 'I39', utf8('%PDF-1.7\n1 0 obj\n<< >>\nendobj\n')),
    ...soundSamples,
  ]
}
