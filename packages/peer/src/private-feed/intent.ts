/**
 * What a person wants of their own feed: private for whom, or public (spec X25). Kept before anything is done, so that a
 * process that is cut off goes on with it.
 *
 *     wanted {keyId, readers} ─ chain sealed otherwise? ─▶ written anew ─▶ letter for the readers
 *
 * @module
 */
import type { Account, Identity } from '@effigy/core'
import type { Store } from '@effigy/store'

export interface Intent {
  /** Under which key the feed is sealed; null: everybody reads it. */
  readonly keyId: string | null
  /** Of the feed when this was wanted; 0: it was empty. A feed of a later one was written anew since, by what is not known here. */
  readonly epoch: number
  /** Who reads it, beside own devices. */
  readonly readers: readonly Account[]
  /** Entries that cannot be sealed, or are not for everybody, are left out when it is written anew. */
  readonly leaveOut: boolean
  /** What stands in a private feed that becomes public: all that may be read by everybody, or nothing. */
  readonly keep: 'all' | 'none'
}

type Settings = Pick<Store, 'setting' | 'saveSetting'>

const intentKey = (feed: Identity): string => `private-feed/${feed}`

/** Null: the feed was never private. */
export function readIntent(store: Pick<Store, 'setting'>, feed: Identity): Intent | null {
  const text = store.setting(intentKey(feed))
  // Nobody but `saveIntent` writes it.
  return text === null ? null : (JSON.parse(text) as Intent)
}

/** Durable when it returns. */
export function saveIntent(store: Settings, feed: Identity, intent: Intent): void {
  store.saveSetting(intentKey(feed), JSON.stringify(intent))
}

/** This device itself wrote the feed anew: what is wanted, and not done yet, is wanted of that as well. */
export function noteOwnEpoch(store: Settings, feed: Identity, before: number, epoch: number): void {
  const intent = readIntent(store, feed)
  if (intent?.epoch === before) saveIntent(store, feed, { ...intent, epoch })
}
