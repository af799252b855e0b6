/**
 * A picture that is about to be decoded (spec I41). What came in the clear was judged when it came (B14), as far as it is of a
 * kind that we know; what is encrypted nobody could judge, and browsers decode kinds that we do not know.
 *
 *     pieces ─all of them▶ imageVerdict ─▶ the same pieces, or an error
 *
 * @module
 */
import { EffigyError, imageVerdict, isShowable } from '@effigy/core'
import { maxJudgedBytes } from '@effigy/store'

/** Gives nothing before all is judged. Throws `EffigyError` 'not-an-image', 'image-damaged', 'image-too-large', and what reading throws. */
export async function* judgedPicture(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  for await (const piece of bytes) {
    length += piece.length
    if (length > maxJudgedBytes) throw refused('image-too-large')
    pieces.push(piece as Uint8Array<ArrayBuffer>)
  }
  const verdict = imageVerdict(new Uint8Array(await new Blob(pieces).arrayBuffer()))
  if (isShowable(verdict)) yield* pieces
  else throw refused(verdict === 'not-an-image' ? verdict : `image-${verdict}`)
}

const refused = (code: string): EffigyError => new EffigyError(code, 'This picture cannot be shown.')
