/**
 * A picture that is about to be decoded (spec I41). What came in the clear was judged when it came (B14), as far as it is of a
 * kind that we know; what is encrypted nobody could judge, and browsers decode kinds that we do not know.
 *
 *     pieces ─all of them▶ imageVerdict ─▶ the same pieces, or an error
 *
 * @module
 */
import { EffigyError, type ImageVerdict, imageVerdict } from '@effigy/core'

/** Bytes. Those above it are refused wherever pictures are judged. */
const mostBytes: number = 64 * 1024 * 1024

/** Gives nothing before all is judged. Throws `EffigyError` 'not-an-image', 'image-damaged', 'image-too-large', and what reading throws. */
export async function* judgedPicture(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of bytes) {
    length += piece.length
    if (length > mostBytes) throw fault('too-large')
    pieces.push(piece)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  const verdict = imageVerdict(whole)
  // What it tells besides is told to nobody by looking at it.
  if (verdict !== 'clean' && verdict !== 'metadata') throw fault(verdict)
  yield* pieces
}

function fault(verdict: Exclude<ImageVerdict, 'clean' | 'metadata'>): EffigyError {
  switch (verdict) {
    case 'not-an-image':
      return new EffigyError('not-an-image', 'This file is no picture of a kind that can be shown.')
    case 'too-large':
      return new EffigyError('image-too-large', 'This picture is too large to be shown.')
    case 'damaged':
      return new EffigyError('image-damaged', 'This picture is damaged.')
  }
}
