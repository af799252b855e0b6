/**
 * Asks the host of an alias from a browser (spec W23): no redirect, no cookies, no more than it said. To which address a
 * name leads is the browser's to see; in Node `node/fetch-alias.ts` looks itself.
 *
 * @module
 */
import { concatBytes, err, ok } from '@effigy/core'
import type { FetchAlias } from './joining.ts'

/** `fetcher`: of the page or worker. */
export function createFetchAlias(fetcher: typeof fetch): FetchAlias {
  return async (url, { maxBytes, signal }) => {
    let response: Response
    try {
      response = await fetcher(url, {
        ...{ redirect: 'manual', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer' },
        signal,
      })
    } catch {
      signal.throwIfAborted()
      return err({ code: 'alias-unreachable' })
    }
    const isRedirect = response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)
    if (isRedirect || response.body === null) {
      await response.body?.cancel().catch(() => {})
      return err({ code: isRedirect ? 'alias-redirect' : 'alias-bad-answer' })
    }
    const body = await readUpTo(response.body, maxBytes, signal)
    if (body === 'cut') return err({ code: 'alias-unreachable' })
    return body === 'too-large' ? err({ code: 'alias-bad-answer' }) : ok({ status: response.status, body })
  }
}

async function readUpTo(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array | 'too-large' | 'cut'> {
  const reader = stream.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return concatBytes(...parts)
      length += value.length
      if (length > maxBytes) return 'too-large'
      parts.push(value)
    }
  } catch {
    signal.throwIfAborted()
    return 'cut'
  } finally {
    // What is still coming is for nobody.
    void reader.cancel().catch(() => {})
  }
}
