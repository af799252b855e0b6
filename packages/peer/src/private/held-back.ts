/**
 * What is here and not shown: messages of strangers that wait for a word, of who was ignored, of who is in no group (spec Q25).
 *
 *     store.search, byTag, byType, mentions ─without what is held back▶ Peer.query
 *
 * A page may have fewer than asked for.
 *
 * @module
 */
import type { ContentName } from '@effigy/core'
import type { Item, Page, QueryStore } from '@effigy/store'

/** As it is now, for the items of one answer. */
export type HeldBack = () => (name: ContentName) => boolean

type Listed = Pick<QueryStore, 'search' | 'byTag' | 'byType' | 'mentions'>

export function withoutHeldBack<Store extends Listed>(store: Store, heldBack: HeldBack): Store {
  const shown = ({ items, next }: Page<Item>): Page<Item> => {
    const isHeldBack = heldBack()
    return { items: items.filter((item) => !isHeldBack(item)), next }
  }
  const listed: Listed = {
    search: (...asked) => shown(store.search(...asked)),
    byTag: (...asked) => shown(store.byTag(...asked)),
    byType: (...asked) => shown(store.byType(...asked)),
    mentions: (...asked) => shown(store.mentions(...asked)),
  }
  // Everything else is the store's own, whatever it is.
  return Object.assign(Object.create(store) as Store, listed)
}
