/**
 * Images against `spec/vectors/images.json`, against real photographs, and against damage of every kind.
 *
 * @module
 */
import { createRandom, damaged, mutations, randomInputs, truncations } from '@effigy/testkit'
import { ownVectors, sharedVectorBytes, sharedVectorNames } from '@effigy/testkit/node'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTiff } from './exif.ts'
import { imageVerdict, inspectImage, sniffImage, stripImage } from './image.ts'
import { pngChunk } from './png.ts'
import { concatBytes, sameBytes } from './read.ts'
import { type ImageFault, type ImageInfo, maxImageParts } from './scan.ts'

interface Vector extends Partial<ImageInfo> {
  readonly name: string
  readonly rule: string
  readonly image: string
  readonly verdict: string
  readonly error?: ImageFault['code']
  /** Null when the format is not rewritten. */
  readonly stripped?: string | null
}

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))
const vectors: readonly Vector[] = JSON.parse(ownVectors('images.json'))
const imageOf = (name: string) => bytesOf(vectors.find((vector) => vector.name === name)!.image)

/** What must hold of any bytes at all: nothing thrown, and the three functions of one mind. */
function expectLaws(bytes: Uint8Array): void {
  const info = inspectImage(bytes)
  const verdict = imageVerdict(bytes)
  const stripped = stripImage(bytes)
  if (!info.ok) {
    expect(stripped).toEqual(info)
    expect(verdict).not.toBe('clean')
    return
  }
  expect(verdict).toBe(info.value.metadata.length === 0 ? 'clean' : 'metadata')
  if (!stripped.ok) {
    expect(stripped.error.code).toBe('cannot-strip')
    expect(verdict).toBe('metadata')
    return
  }
  expect(verdict === 'clean').toBe(sameBytes(stripped.value.bytes, bytes))
  const again = inspectImage(stripped.value.bytes)
  expect(again).toEqual({ ok: true, value: { ...info.value, metadata: [] } })
}

describe('vectors', () => {
  test.for(vectors)('[$rule] $name', ({ name: _, rule, image, verdict, error, stripped, ...info }) => {
    const bytes = bytesOf(image)
    expect(imageVerdict(bytes)).toBe(verdict)
    const inspected = inspectImage(bytes)
    if (error !== undefined) {
      expect(inspected).toMatchObject({ ok: false, error: { code: error } })
      return
    }
    expect(inspected).toEqual({ ok: true, value: info })
    const result = stripImage(bytes)
    if (stripped === null) expect(result).toMatchObject({ ok: false, error: { code: 'cannot-strip' } })
    else {
      expect(result).toEqual({
        ok: true,
        value: { bytes: bytesOf(stripped!), removed: info.metadata, orientation: info.orientation },
      })
    }
    expectLaws(bytes)
  })
})

describe('damage', () => {
  const samples = vectors.filter((vector) => vector.error === undefined)

  test.for(samples)('[I5] truncated at each length: $name', ({ image, metadata }) => {
    const bytes = bytesOf(image)
    // Without the trailer an image is whole before its end.
    const mayBeWhole = metadata!.includes('trailer')
    for (const cut of truncations(bytes)) {
      expectLaws(cut)
      if (!mayBeWhole && sniffImage(bytes) !== 'avif' && sniffImage(bytes) !== 'heic') {
        expect(inspectImage(cut).ok).toBe(false)
      }
    }
  })

  test('[I3] single flipped bits: never throws, and the laws hold', () => {
    for (const { image } of vectors) for (const bytes of mutations(bytesOf(image))) expectLaws(bytes)
  })

  test('[I3] several edits at once', () => {
    const random = createRandom('images')
    for (const { image } of vectors)
      for (const bytes of damaged(random, bytesOf(image), 50)) expectLaws(bytes)
  })

  test('[I3] random bytes, alone and behind each magic', () => {
    const magics = ['jpeg: plain', 'png: plain', 'webp: lossy', 'gif: plain', 'avif: plain', 'heic: plain']
    for (const bytes of randomInputs(createRandom('random'), 500)) {
      expectLaws(bytes)
      for (const name of magics) expectLaws(concatBytes([imageOf(name).subarray(0, 24), bytes]))
    }
  })

  test('[I6] any pieces of JPEG in any order', () => {
    const jpegs = vectors.filter(({ name }) => name.startsWith('jpeg')).map(({ image }) => bytesOf(image))
    const piece = fc
      .tuple(fc.constantFrom(...jpegs), fc.nat(400), fc.nat(120))
      .map(([bytes, at, length]) => bytes.subarray(at, at + length))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        expectLaws(concatBytes([Uint8Array.of(0xff, 0xd8, 0xff, 0xfe, 0, 2), ...pieces]))
      }),
      { numRuns: 500 },
    )
  })
})

describe('bounds', () => {
  test('[I5] [T11] a bomb is refused from its header, without the rest of it', () => {
    const bomb = imageOf('png: 20,000 by 20,000, header only')
    expect(bomb.length).toBe(33)
    expect(stripImage(bomb)).toEqual({
      ok: false,
      error: { code: 'too-large', format: 'png', width: 20_000, height: 20_000 },
    })
  })

  test('[I5] one part more than allowed', () => {
    const comment = Uint8Array.of(0xff, 0xfe, 0, 2)
    const jpeg = imageOf('jpeg: plain')
    // The plain file's own parts: JFIF, DQT, SOF, two DHT, SOS, EOI.
    const withComments = (count: number) =>
      concatBytes([jpeg.subarray(0, 2), ...Array.from({ length: count }, () => comment), jpeg.subarray(2)])
    expect(imageVerdict(withComments(maxImageParts - 7))).toBe('metadata')
    expect(inspectImage(withComments(maxImageParts - 6))).toMatchObject({ error: { code: 'too-many-parts' } })

    const png = imageOf('png: plain')
    const text = pngChunk('tEXt', new Uint8Array(0))
    const withTexts = (count: number) =>
      concatBytes([png.subarray(0, 33), ...Array.from({ length: count }, () => text), png.subarray(33)])
    expect(imageVerdict(withTexts(maxImageParts - 3))).toBe('metadata')
    expect(inspectImage(withTexts(maxImageParts - 2))).toMatchObject({ error: { code: 'too-many-parts' } })

    const gif = imageOf('gif: comment')
    const block = gif.subarray(19, 28)
    expect(block[1]).toBe(0xfe)
    const withBlocks = concatBytes([
      gif.subarray(0, 19),
      ...Array.from({ length: maxImageParts }, () => block),
      gif.subarray(19),
    ])
    expect(inspectImage(withBlocks)).toMatchObject({ error: { code: 'too-many-parts' } })
  })

  test('[I5] items and extents of a HEIC count too', () => {
    const heic = imageOf('heic: plain')
    const iloc = Buffer.from(heic).indexOf('iloc')
    // The extent count of the first item, behind version, widths, item count, id and source.
    heic.set([0xff, 0xff], iloc + 14)
    expect(inspectImage(heic).ok).toBe(false)
  })

  test('[I7] a colour profile over its bound is removed', () => {
    const png = imageOf('png: plain')
    const withProfile = (length: number) =>
      concatBytes([png.subarray(0, 33), pngChunk('iCCP', new Uint8Array(length)), png.subarray(33)])
    expect(imageVerdict(withProfile(1024 * 1024))).toBe('clean')
    expect(stripImage(withProfile(1024 * 1024 + 1))).toMatchObject({
      value: { bytes: png, removed: ['profile'] },
    })
  })

  test('[I4] the orientation walker stops at the end of the block and at 1,000 entries', () => {
    const endless = Uint8Array.of(0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0xff, 0xff)
    expect(readTiff(endless)).toEqual({ orientation: 1, location: false, thumbnail: false })
    const pointsAtItself = Uint8Array.of(0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 0)
    expect(readTiff(pointsAtItself)).toEqual({ orientation: 1, location: false, thumbnail: false })
  })
})

const photographs = sharedVectorNames('exif-samples').filter((name) => /\.(jpg|heif)$/.test(name))
const where = photographs.length === 0 ? ' (not present beside this checkout)' : ''

describe.skipIf(photographs.length === 0)(`real photographs${where}`, () => {
  const jpegs = photographs.filter((name) => name.endsWith('.jpg'))

  test.for(jpegs)('[I2] [T12] refused on arrival, nothing left after publishing: %s', (name) => {
    const bytes = sharedVectorBytes(name)!
    expect(imageVerdict(bytes)).toBe('metadata')
    const stripped = stripImage(bytes)
    if (!stripped.ok) throw new Error(stripped.error.code)
    expect(imageVerdict(stripped.value.bytes)).toBe('clean')
    const text = Buffer.from(stripped.value.bytes).toString('latin1')
    for (const trace of ['adobe.com', 'Photoshop', 'NIKON', 'COOLPIX', 'GPS', 'Apple']) {
      // Names of companies stay in colour profiles, which are kept whole.
      if (!text.includes('ICC_PROFILE')) expect(text).not.toContain(trace)
    }
    expect(text).not.toContain('http://ns.adobe')
    const orientation = Number(/landscape_(\d)/.exec(name)?.[1] ?? 1)
    expect(stripped.value.orientation).toBe(orientation)
    expect(text.includes('Exif')).toBe(orientation !== 1)
    expectLaws(bytes)
  })

  test.for(jpegs.filter((name) => name.includes('gps')))('[T12] the location is seen: %s', (name) => {
    expect(inspectImage(sharedVectorBytes(name)!)).toMatchObject({
      value: { metadata: expect.arrayContaining(['exif', 'location', 'thumbnail']) },
    })
  })

  test('[I6] the entropy-coded data are untouched', () => {
    const bytes = sharedVectorBytes('exif-samples/jpg_orientation_landscape_6.jpg')!
    const stripped = stripImage(bytes)
    const dataFrom = (image: Uint8Array) =>
      Buffer.from(image.subarray(Buffer.from(image).lastIndexOf('ffda', 'hex')))
    expect(stripped.ok && dataFrom(stripped.value.bytes).equals(dataFrom(bytes))).toBe(true)
  })

  test('[I10] [T12] HEIC with metadata is refused, and says what to do', () => {
    const bytes = sharedVectorBytes('exif-samples/heic_samplefilehub.heif')!
    expect(imageVerdict(bytes)).toBe('metadata')
    expect(stripImage(bytes)).toEqual({
      ok: false,
      error: { code: 'cannot-strip', format: 'heic', metadata: ['exif', 'xmp'], convertTo: ['jpeg', 'png'] },
    })
  })

  test('[I5] cut in many places: never clean', () => {
    const random = createRandom('photographs')
    for (const name of photographs) {
      const bytes = sharedVectorBytes(name)!
      for (let cuts = 0; cuts < 20; cuts++) {
        const cut = bytes.subarray(0, random.integer(bytes.length))
        expect(['damaged', 'not-an-image']).toContain(imageVerdict(cut))
      }
      for (const edited of damaged(random, bytes, 10)) expectLaws(edited)
    }
  })
})

const drawings = sharedVectorNames('paper-2008').filter((name) => name.endsWith('.png'))

test.skipIf(drawings.length === 0)(
  `[I7] real PNG files${drawings.length === 0 ? ' (not present)' : ''}`,
  () => {
    for (const name of drawings) expectLaws(sharedVectorBytes(name)!)
  },
)
