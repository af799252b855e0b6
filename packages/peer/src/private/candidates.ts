/**
 * The content read keys that may open what an author wrote, the one that did so last first (spec X3, Q21).
 *
 *     store.contentKeys.candidates ─as far as asked▶ list ─hit▶ to the front
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { ContentKey, ContentKeys } from '@effigy/store'

export interface Candidates extends Iterable<ContentKey> {
  /** It opened something. */
  hit(key: ContentKey): void
  /** Keys that were looked at since the last time it was asked. */
  looked(): number
}

/** For the entries of one turn: a new key is not seen. */
export function candidatesOf(contentKeys: ContentKeys, author: Identity): Candidates {
  const list: ContentKey[] = []
  let rest: Iterator<ContentKey> | null = null
  let looked = 0
  return {
    *[Symbol.iterator]() {
      for (let at = 0; ; at++) {
        if (at === list.length) {
          rest ??= contentKeys.candidates(author)[Symbol.iterator]()
          const next = rest.next()
          if (next.done === true) return
          list.push(next.value)
        }
        looked++
        yield list[at] as ContentKey
      }
    },
    looked() {
      const count = looked
      looked = 0
      return count
    },
    hit(key) {
      const at = list.indexOf(key)
      if (at <= 0) return
      list.splice(at, 1)
      list.unshift(key)
      contentKeys.used(key.id)
    },
  }
}
