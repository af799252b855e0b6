/**
 * Video, sound and documents against `spec/vectors/media.json`, against samples made here, and against damage of every kind.
 *
 * @module
 */
import { createRandom, damaged, mutations, pieces, randomInputs, truncations } from '@effigy/testkit'
import { ownVectors } from '@effigy/testkit/node'
import { describe, expect, test } from 'vitest'
import { cleanWhole } from '../../test/clean-whole.ts'
import { mediaSamples } from '../../test/media-samples.ts'
import { blankRanges } from './blank-ranges.ts'
import { indexOfText } from './index-of-text.ts'
import type { MediaKind } from './report.ts'
import { sniffMedia } from './sniff.ts'

interface Vector {
  readonly name: string
  readonly rule: string
  readonly kind: MediaKind
  readonly file: string
  readonly removed?: readonly string[]
  readonly cleaned?: string
  readonly error?: string
}

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))
const vectors: readonly Vector[] = JSON.parse(ownVectors('media.json'))
const samples = await mediaSamples()
const kinds: readonly MediaKind[] = ['mp4', 'webm', 'ogg', 'mp3', 'flac', 'wav', 'pdf']

/** What must hold of any bytes at all: nothing thrown, and what is clean stays as it is. */
async function expectLaws(bytes: Uint8Array, kind: MediaKind): Promise<void> {
  const result = await cleanWhole([bytes.slice()], kind)
  if (!result.ok) return
  const again = await cleanWhole([result.value.bytes.slice()], kind)
  // Compared as buffers: lists of thousands of numbers are slow to compare.
  expect(again.ok && again.value.removed).toEqual([])
  expect(again.ok && Buffer.compare(again.value.bytes, result.value.bytes)).toBe(0)
  if (result.value.removed.length === 0) expect(Buffer.compare(result.value.bytes, bytes)).toBe(0)
}

describe('vectors', () => {
  test.for(vectors)('[$rule] $name', async ({ kind, file, removed, cleaned, error }) => {
    const bytes = bytesOf(file)
    const result = await cleanWhole([bytes], kind)
    if (error !== undefined) expect(result).toMatchObject({ ok: false, error: { code: error, kind } })
    else expect(result).toEqual({ ok: true, value: { bytes: bytesOf(cleaned!), removed } })
    expect(await cleanWhole(pieces(bytesOf(file)), kind)).toEqual(result)
    await expectLaws(bytesOf(file), kind)
  })

  test('are what the samples make', () => {
    const made = samples.map(({ name, file }) => [name, Buffer.from(file).toString('base64')])
    // Deflate may differ from one machine to the next.
    const isSame = ([name]: readonly (string | undefined)[]) => !name?.includes('compressed')
    expect(made.filter(isSame)).toEqual(vectors.map(({ name, file }) => [name, file]).filter(isSame))
  })
})

describe('samples', () => {
  test.for(samples)('[T12] $name: what is private goes, what is content stays', async ({ kind, file }) => {
    const result = await cleanWhole([file.slice()], kind)
    if (!result.ok) return
    expect(indexOfText(result.value.bytes, 'PRIV')).toBe(-1)
    const count = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').split('CONTENT').length
    expect(count(result.value.bytes)).toBe(count(file))
  })

  test.for(samples)('[I31] $name: the kind by the first bytes', ({ kind, file }) => {
    expect(sniffMedia(file.subarray(0, 4096))?.kind).toBe(kind)
  })
})

describe('damage', () => {
  test.for(samples)('[I32] $name, cut off at every length', async ({ kind, file }) => {
    for (const cut of truncations(file)) await expectLaws(cut, kind)
  })

  test('[I32] single flipped bits: nothing throws, and the laws hold', async () => {
    const few = [
      'mp4: a track of places, movie last',
      'mp3: tags of every kind',
      'pdf: properties, XMP, pictures',
    ]
    for (const { kind, file } of samples.filter(({ name }) => few.includes(name))) {
      let count = 0
      for (const bytes of mutations(file)) if (count++ % 13 === 0) await expectLaws(bytes, kind)
    }
  })

  test('[I32] several edits at once', async () => {
    const random = createRandom('media')
    for (const { kind, file } of samples) {
      for (const bytes of damaged(random, file, 20)) await expectLaws(bytes, kind)
    }
  })

  test('[I32] random bytes, and behind the first bytes of each kind', async () => {
    for (const bytes of randomInputs(createRandom('random'), 200)) {
      expect(sniffMedia(bytes)?.kind).toSatisfy(
        (kind) => kind === undefined || kinds.includes(kind as MediaKind),
      )
      for (const kind of kinds) {
        const head = samples.find((sample) => sample.kind === kind)!.file.subarray(0, 24)
        await expectLaws(bytes, kind)
        await expectLaws(new Uint8Array(Buffer.concat([head, bytes])), kind)
      }
    }
  })
})

describe('bounds', () => {
  test('[I32] sizes that are false cost no more than the bytes that are there', async () => {
    const head = bytesOf(vectors[0]!.file).subarray(0, 24)
    const lies = [0x03, 0xff, 0xff, 0xff, ...Buffer.from('moov')]
    const result = await cleanWhole([head, Uint8Array.from(lies)], 'mp4')
    expect(result).toMatchObject({ ok: false, error: { code: 'media-truncated' } })
  })

  test.for(['(', '<', '[', '<<', '[(', '1 0 obj ', '1 0 obj << /A ', '%', 'trailer <<', '/A '])(
    '[I32] a document of nothing but %s ends soon',
    async (text) => {
      const bytes = Buffer.from(`%PDF-1.7\n${text.repeat(400_000)}`)
      const result = await cleanWhole([new Uint8Array(bytes)], 'pdf')
      expect(result.ok).toBe(false)
    },
  )

  test('[I32] streams that all look for their end in the same comment end soon', async () => {
    const bytes = Buffer.from(`%PDF-1.7\n${'1 0 obj<</Length 0>>stream%endstream endobj '.repeat(50_000)}`)
    expect((await cleanWhole([new Uint8Array(bytes)], 'pdf')).ok).toBe(false)
  })

  test('[I39] compressed objects that are all the same bytes are refused', async () => {
    const index = '7 0 '.repeat(20_000)
    const held = `<< /Type /ObjStm /N 20000 /First ${index.length} /Length ${index.length + 1_000_000} >>`
    const text = `%PDF-1.7\n1 0 obj ${held} stream\n${index}<<${' '.repeat(999_996)}>>\nendstream endobj trailer << /Size 2 >>`
    const result = await cleanWhole([new Uint8Array(Buffer.from(text))], 'pdf')
    expect(result).toMatchObject({ ok: false, error: { code: 'media-cannot-clean', reason: 'compressed' } })
  })

  test('[I32] a sound of nothing but beginnings of frames ends soon', async () => {
    const bytes = new Uint8Array(1_000_000).fill(0xff)
    expect((await cleanWhole([bytes], 'mp3')).ok).toBe(false)
  })
})

test('[T12] [I39] properties that cannot be read are not left to whoever reads them more kindly', async () => {
  const text =
    '%PDF-1.7\n6 0 obj << /Author (PRIVATE) /Title (of a ( book) >> endobj trailer << /Info 6 0 R >>'
  const whole = text.replace('trailer', '7 0 obj << /Type /Catalog >> endobj trailer')
  expect((await cleanWhole([new Uint8Array(Buffer.from(whole))], 'pdf')).ok).toBe(false)
})

test('[T12] [I34] what a camera of a car wrote among the media goes by its table', async () => {
  const sample = samples.find(({ name }) => name === 'mp4: a track of places, movie first')!.file
  const file = Buffer.from(sample)
  const moov = file.indexOf('moov') - 4
  const length = file.readUInt32BE(moov)
  const table = Buffer.alloc(24)
  table.writeUInt32BE(24)
  table.write('gps ', 4, 'latin1')
  table.writeUInt32BE(1, 12)
  const found = Buffer.from('freeGPS PRIVATE 48.2 16.3')
  table.writeUInt32BE(file.length + table.length, 16)
  table.writeUInt32BE(found.length, 20)
  const media = Buffer.concat([file.subarray(moov + length), found])
  media.writeUInt32BE(media.length, 0)
  const movie = Buffer.concat([file.subarray(moov, moov + length), table])
  movie.writeUInt32BE(movie.length, 0)
  const made = new Uint8Array(Buffer.concat([file.subarray(0, moov), movie, media]))
  const result = await cleanWhole([made], 'mp4')
  expect(result.ok && result.value.removed).toContain('location')
  expect(result.ok && indexOfText(result.value.bytes, '48.2 16.3')).toBe(-1)
})

test('[I35] [I37] a tag in front does not make FLAC an MP3', async () => {
  const flac = samples.find(({ name }) => name.startsWith('flac: tags'))!.file
  const result = await cleanWhole([flac.slice()], 'mp3')
  const alone = await cleanWhole([flac.slice()], 'flac')
  expect(result.ok && alone.ok && Buffer.compare(result.value.bytes, alone.value.bytes)).toBe(0)
})

test('[I30] ranges are made zero wherever pieces are cut', async () => {
  const whole = Uint8Array.from({ length: 40 }, (_, index) => index + 1)
  const ranges = [
    { start: 3, end: 5 },
    { start: 9, end: 22 },
    { start: 39, end: 50 },
  ]
  const wanted = whole.map((byte, at) =>
    ranges.some(({ start, end }) => at >= start && at < end) ? 0 : byte,
  )
  for (const length of [1, 2, 7, 40]) {
    async function* source() {
      for (let at = 0; at < whole.length; at += length) yield whole.slice(at, at + length)
    }
    const out: number[] = []
    for await (const piece of blankRanges(source(), ranges)) out.push(...piece)
    expect(out).toEqual([...wanted])
  }
})
