/**
 * What changed in the store since a session last looked (spec R1).
 *
 *     commit of somebody ─interests▶ noted ─ this turn is over ▶ changed(feeds, roots), once
 *
 * @module
 */
import type { Cid, Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Effects } from './effects.ts'
import type { Interest, Interests } from './interests.ts'

export interface StoreChangesPorts {
  readonly store: Pick<Store, 'watch'>
  readonly interests: Interests
  readonly effects: Pick<Effects, 'soon'>
  /** Each feed and each root once. */
  readonly changed: (identities: readonly Identity[], roots: readonly Cid[]) => void
  /** Something else is shown than before. */
  readonly views: () => void
  /** Many feeds changed, most of them none of ours. */
  readonly many: () => void
}

/** Listeners run inside whoever wrote; everything is looked at afterwards, once. */
export function hearChanges({
  store,
  interests,
  effects,
  changed,
  views,
  many,
}: StoreChangesPorts): Interest {
  let feeds: Identity[] | null = null
  let roots: Cid[] | null = null
  let isPending = false

  function lookSoon(): void {
    if (isPending) return
    isPending = true
    effects.soon(look)
  }

  function look(): void {
    const [identities, blobs] = [once(feeds), once(roots)]
    feeds = null
    roots = null
    isPending = false
    changed(identities, blobs)
  }

  return interests.join(store, {
    feed(identity) {
      if (feeds === null) feeds = [identity]
      else feeds.push(identity)
      lookSoon()
    },
    blobs(found) {
      roots = roots === null ? [...found] : [...roots, ...found]
      lookSoon()
    },
    views: () => effects.soon(views),
    many: () => effects.soon(many),
  })
}

const nothing: readonly never[] = []

/** Most of the time it is a single one. */
function once<Name>(names: readonly Name[] | null): readonly Name[] {
  if (names === null) return nothing
  return names.length > 1 ? [...new Set(names)] : names
}
