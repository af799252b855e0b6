/**
 * For tests: a whole file cleaned at once, with what was to be made zero at the end seen to.
 *
 * @module
 */
import { concatBytes } from '../src/bytes.ts'
import { cleanMedia } from '../src/media/clean.ts'
import { blankRanges, type MediaFault, type MediaKind, type MediaMetadata } from '../src/media/index.ts'
import { ok, type Result } from '../src/result.ts'

export interface CleanedWhole {
  readonly bytes: Uint8Array
  readonly removed: readonly MediaMetadata[]
}

export async function cleanWhole(
  pieces: Iterable<Uint8Array>,
  kind: MediaKind,
): Promise<Result<CleanedWhole, MediaFault>> {
  const cleaning = cleanMedia(pieces, kind)
  const out: Uint8Array[] = []
  for (;;) {
    const next = await cleaning.next()
    if (next.done !== true) {
      out.push(next.value)
      continue
    }
    if (!next.value.ok) return next.value
    const { removed, blank } = next.value.value
    const done: Uint8Array[] = []
    for await (const piece of blankRanges(each(out), blank)) done.push(piece)
    return ok({ bytes: concatBytes(...done), removed })
  }
}

async function* each(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces
}
