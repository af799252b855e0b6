/**
 * Pictures on their way into notes and profiles: cleaned by the peer, described by their author.
 *
 *     FILE ─addFile▶ root, width, height, and what opens it where it was encrypted ─▶ ImageFile
 *
 * @module
 */
import type { ImageFile } from '@effigy/core'
import type { Peer } from '@effigy/peer'
import type { Context } from './context.ts'
import { failure } from './failure.ts'
import { fileChunks } from './input.ts'
import { say } from './messages/index.ts'

/**
 * Adds a picture, encrypted in a private feed or when asked to; says on stderr what was taken out of it. Throws
 * `not-an-image`, and what the peer refuses.
 */
export async function addPicture(
  context: Context,
  peer: Peer,
  path: string,
  alt: string,
  { encrypted = peer.privateFeed.status().isPrivate }: { readonly encrypted?: boolean } = {},
): Promise<ImageFile> {
  const { output, signal } = context
  const added = await peer.addFile(fileChunks(context, path), {
    encrypted,
    signal,
    onProgress: (progress) => output.progress(say.reading, progress),
  })
  output.clear()
  if (added.image === null) throw failure('not-an-image', path)
  if (added.removed.length > 0) output.note(say.metadataRemoved(path, added.removed.join(', ')))
  const { width, height, mime } = added.image
  const { root: blob, secret } = added
  return { blob, mime, width, height, alt, ...(secret === null ? {} : { secret }) }
}
