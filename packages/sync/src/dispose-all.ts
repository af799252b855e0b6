/**
 * The end of several things of which each may fail: a disk that is full fails many.
 *
 * @module
 */

/** All of them, whatever fails; then throws the first that did. */
export function disposeAll(parts: Iterable<Disposable | null>): void {
  let failed: { readonly error: unknown } | null = null
  for (const part of parts) {
    try {
      part?.[Symbol.dispose]()
    } catch (error) {
      failed ??= { error }
    }
  }
  if (failed !== null) throw failed.error
}
