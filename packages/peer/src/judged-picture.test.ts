import { utf8 } from '@effigy/core'
import { ownVectors } from '@effigy/testkit/node'
import { expect, test } from 'vitest'
import { judgedPicture } from './judged-picture.ts'

const pictures: readonly { readonly name: string; readonly image: string; readonly verdict: string }[] =
  JSON.parse(ownVectors('images.json'))
const codes: Readonly<Record<string, string>> = {
  'too-large': 'image-too-large',
  damaged: 'image-damaged',
  'not-an-image': 'not-an-image',
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
}

async function shown(bytes: Uint8Array): Promise<Uint8Array> {
  const given: number[] = []
  for await (const piece of judgedPicture(inPieces(bytes))) given.push(...piece)
  return Uint8Array.from(given)
}

test.for(pictures.filter(({ image }) => image.length < 40_000))(
  '[I41] $name: $verdict',
  async ({ image, verdict }) => {
    const bytes = new Uint8Array(Buffer.from(image, 'base64'))
    const code = codes[verdict]
    if (code === undefined) expect(await shown(bytes)).toEqual(bytes)
    else await expect(shown(bytes)).rejects.toMatchObject({ code })
  },
)

test('[I41] [T11] a kind that browsers decode and nobody here knows is not shown', async () => {
  const bitmap = new Uint8Array(64)
  bitmap.set(utf8('BM'))
  new DataView(bitmap.buffer).setUint32(18, 20_000, true)
  new DataView(bitmap.buffer).setUint32(22, 20_000, true)
  await expect(shown(bitmap)).rejects.toMatchObject({ code: 'not-an-image' })
  await expect(shown(Uint8Array.of(0, 0, 1, 0, 1, 0))).rejects.toMatchObject({ code: 'not-an-image' })
})
