/**
 * The bytes of a file that a person chose, as they are read (spec O8): it is theirs to move and change meanwhile.
 *
 * @module
 */
import { EffigyError } from '@effigy/core'

/** Throws `EffigyError` 'file-unreadable' where it was changed or taken away. */
export async function* fileBytes(file: Blob): AsyncGenerator<Uint8Array, void> {
  // Not every browser iterates streams.
  const reader = file.stream().getReader()
  try {
    for (;;) {
      const { done, value } = await orUnreadable(reader.read())
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/** All of a small one. Throws as `fileBytes`. */
export async function wholeFile(file: Blob): Promise<Uint8Array> {
  return new Uint8Array(await orUnreadable(file.arrayBuffer()))
}

async function orUnreadable<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading
  } catch (cause) {
    throw new EffigyError('file-unreadable', 'The file cannot be read any more.', { cause })
  }
}
