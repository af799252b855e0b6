/**
 * Content read keys that somebody handed out are kept, with those of before that came along (spec Q21).
 *
 *     read_key {kind: content} of an author ─▶ store.contentKeys, given by that author
 *
 * @module
 */
import { type ContentReadKey, parseBase64url, type ReadKey } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { OpenedHook } from './opening.ts'

export function keepContentKeys({ contentKeys }: Pick<Store, 'contentKeys'>): OpenedHook {
  return ({ author, payload }) => {
    const readKey = payload as ReadKey
    if (contentKeys === undefined || readKey.kind !== 'content') return
    const { conversation, to = null, prints = [] } = readKey
    for (const [generation, text] of keysIn(readKey)) {
      const key = parseBase64url(text)
      if (key === null) continue
      // Who has a former key is more than those who are told of it now.
      const known = generation === readKey.generation ? prints : []
      contentKeys.add({ giver: author, conversation, generation, key, persons: to, prints: known })
    }
  }
}

/** The oldest first, so that the newest is learned last. */
export function keysIn({ generation, key, former }: ContentReadKey): readonly (readonly [number, string])[] {
  return [...former, [generation, key] as const].toSorted(([a], [b]) => a - b)
}
