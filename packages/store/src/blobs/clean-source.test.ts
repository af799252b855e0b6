/**
 * Files on their way out: cleaned by their kind on every way into the store.
 *
 * @module
 */
import { ownVectors } from '@effigy/testkit/node'
import { describe, expect, test } from 'vitest'
import { openWorld, type World } from '../../test/blob-world.ts'
import { createMemoryBlocks } from '../files/blocks.ts'
import { addFile } from './add-file.ts'
import { cleanBytes, openClean } from './clean-source.ts'
import { readBlob } from './read-blob.ts'

const { signal } = new AbortController()
const options = { strip: true, signal, now: () => 1 }

interface Vector {
  readonly name: string
  readonly file: string
  readonly removed?: readonly string[]
  readonly cleaned?: string
  readonly error?: string
}
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))
const vectors: readonly Vector[] = JSON.parse(ownVectors('media.json'))
const good = vectors.filter(({ error }) => error === undefined)
const bad = vectors.filter(({ error }) => error !== undefined)
const named = (name: string) => vectors.find((vector) => vector.name === name)!

async function stored(world: World, root: Parameters<typeof readBlob>[1]) {
  const pieces: Uint8Array[] = []
  for await (const piece of readBlob(world.blobs, root, { signal })) pieces.push(piece)
  return new Uint8Array(Buffer.concat(pieces))
}

describe('addFile', () => {
  test.for(good)('[T12] $name: what is stored is clean, and what went is told', async (vector) => {
    using world = openWorld(null)
    const added = await addFile(world.blobs, [bytesOf(vector.file)], options)
    expect(added).toMatchObject({ ok: true, value: { removed: vector.removed, metadata: 'none' } })
    expect(added.ok && (await stored(world, added.value.cid))).toEqual(bytesOf(vector.cleaned!))
  })

  test.for(bad)('[I32] $name: refused, unless its owner sends it as it is', async ({ file }) => {
    using world = openWorld(null)
    const refused = await addFile(world.blobs, [bytesOf(file)], options)
    expect(refused).toMatchObject({ ok: false, error: { code: expect.stringMatching(/^media-/) } })
    const added = await addFile(world.blobs, [bytesOf(file)], { ...options, strip: false })
    expect(added).toMatchObject({ ok: true, value: { removed: [], metadata: 'unknown' } })
    expect(added.ok && (await stored(world, added.value.cid))).toEqual(bytesOf(file))
  })

  test('[I30] what is sealed is clean before, wherever the table stands', async () => {
    using world = openWorld(null)
    const { file, cleaned } = named('mp4: a track of places, movie last')
    const sealed: Uint8Array[] = []
    async function* encode(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
      for await (const piece of content) {
        sealed.push(piece)
        yield piece
      }
    }
    const added = await addFile(world.blobs, [bytesOf(file)], { ...options, encode })
    expect(added.ok).toBe(true)
    expect(Buffer.concat(sealed).toString('base64')).toBe(cleaned)
  })

  test.for([
    ['text', 'Grüße, and nothing else\n', 'none'],
    ['a page of the web', '<!doctype html><meta name="author" content="Ada">', 'unknown'],
    ['an archive', 'PK\u0003\u0004\u0000\u0000word/document.xml', 'unknown'],
    ['nothing', '', 'none'],
  ] as const)('[I31] %s is stored as it is; what it may say is told', async ([, text, metadata]) => {
    using world = openWorld(null)
    const bytes = new TextEncoder().encode(text)
    const added = await addFile(world.blobs, [bytes], options)
    expect(added).toMatchObject({ ok: true, value: { removed: [], metadata, media: null, image: null } })
    expect(added.ok && (await stored(world, added.value.cid))).toEqual(bytes)
  })
})

test('[I30] a source that fails or is given up is ended, and nothing else', async () => {
  const head = bytesOf(named('mp4: a track of places, movie last').file).subarray(0, 60)
  let ended = 0
  async function* source(pieces: number) {
    try {
      yield head
      for (let count = 0; count < pieces; count++) yield new Uint8Array(5_000)
      throw new Error('unplugged')
    } finally {
      ended++
    }
  }
  using world = openWorld(null)
  await expect(addFile(world.blobs, source(0), options)).rejects.toThrow('unplugged')
  expect(ended).toBe(1)
  const opened = await openClean(source(9), options)
  if (!opened.ok) throw new Error(opened.error.code)
  const reading = cleanBytes({ ...opened.value, isLate: false }, createMemoryBlocks(), signal)
  await reading.next()
  await reading.return()
  expect(ended).toBe(2)
})
