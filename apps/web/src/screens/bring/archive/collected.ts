/**
 * Bytes of a stream whose length was told before: no byte more is taken in.
 *
 *     stream ─▶ Blob of exactly `size` bytes │ null: it had more, or fewer, or did not unpack
 *
 * @module
 */

/** Rejects with the signal's reason, and where the archive itself can be read no more. */
export async function collected(
  stream: ReadableStream<Uint8Array>,
  size: number,
  signal: AbortSignal,
): Promise<Blob | null> {
  const reader = stream.getReader()
  const parts: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  try {
    for (;;) {
      signal.throwIfAborted()
      const { done, value } = await reader.read()
      if (done) return length === size ? new Blob(parts) : null
      length += value.length
      if (length > size) return null
      parts.push(value.slice())
    }
  } catch (reason) {
    signal.throwIfAborted()
    if (reason instanceof DOMException && reason.name === 'NotReadableError') throw reason
    return null
  } finally {
    reader.cancel().catch(() => {})
  }
}
