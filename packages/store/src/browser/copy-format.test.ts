import { type Cid, type Result, rawCid } from '@effigy/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from '../../test/feed-maker.ts'
import { type CopyFault, copyStart, decodePieces, encodePiece, type Piece } from './copy-format.ts'

const block = new Uint8Array(40).fill(7)
const pieces: readonly Piece[] = [
  { type: 'main', bytes: new Uint8Array(60).fill(3) },
  { type: 'main', bytes: new Uint8Array(1) },
  { type: 'block', cid: rawCid(block, sha256) as Cid, bytes: block },
  { type: 'end' },
]
const file = new Uint8Array(
  [copyStart(), ...pieces.map((piece) => encodePiece(piece, sha256))].flatMap((part) => [...part]),
)

async function decode(bytes: Uint8Array, pieceBytes = 50): Promise<Result<Piece, CopyFault>[]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
  }
  return Array.fromAsync(decodePieces(source(), sha256))
}

test.for([1, 7, 10_000])('[S57] a copy that comes in pieces of %i bytes', async (pieceBytes) => {
  expect(await decode(file, pieceBytes)).toEqual(pieces.map((value) => ({ ok: true, value })))
})

test('[S57] one that is cut off anywhere, or has one bit turned anywhere, ends with a fault', async () => {
  for (let length = 0; length < file.length; length++) {
    expect((await decode(file.subarray(0, length))).at(-1)).toMatchObject({ ok: false })
  }
  for (let bit = 0; bit < file.length * 8; bit++) {
    const altered = file.slice()
    altered[bit >> 3]! ^= 1 << (bit & 7)
    expect((await decode(altered)).at(-1)).toMatchObject({ ok: false })
  }
})

test('[S57] [T25] of a later version, with a length that is too great, or anything at all', async () => {
  const later = file.slice()
  later[13] = 2
  expect(await decode(later)).toEqual([{ ok: false, error: { code: 'copy-version' } }])
  const long = Uint8Array.of(...copyStart(), 1, 0xff, 0xff, 0xff, 0xff, ...new Uint8Array(100))
  expect(await decode(long)).toEqual([{ ok: false, error: { code: 'copy-damaged' } }])
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      expect((await decode(Uint8Array.of(...copyStart(), ...bytes))).at(-1)).toMatchObject({ ok: false })
      expect((await decode(bytes)).at(-1)).toMatchObject({ ok: false })
    }),
  )
})
