/**
 * Brings the own feed to what is wanted of it: written anew where it is sealed otherwise, and under another key where
 * the one that it has is lost (spec X25; T21).
 *
 *     wanted ─ sealed otherwise? ─▶ written anew ─ key lost? ─▶ wanted under another key ─▶ written anew
 *
 * @module
 */
import type { HeadRecord, Identity, RandomBytes } from '@effigy/core'
import { type Crypto, feedKeyId } from '@effigy/crypto'
import type { FeedKey, FeedKeys, Store } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'
import type { Writer } from '../writer.ts'
import { createHolders, type Holders } from './holders.ts'
import { type Intent, saveIntent } from './intent.ts'
import { keyIdOf, sealUnder } from './sealing.ts'

export interface BringDeps {
  readonly store: Store
  readonly keys: Pick<FeedKeys, 'keep' | 'letter'>
  readonly crypto: Crypto
  readonly identity: Identity
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly writer: Pick<Writer, 'recast'>
  readonly wanted: () => Intent | null
  readonly assertMayRewrite: () => void
  /** The feed was written anew. */
  readonly rewritten: () => Promise<void>
}

/** The new head where it was written anew. */
export async function bringFeed(deps: BringDeps): Promise<HeadRecord | null> {
  const { store, identity, clock } = deps
  const intent = deps.wanted()
  if (intent === null) return null
  const holders = createHolders({ store, identity, now: clock.now })
  const isAsWanted = keyIdOf(store, identity) === intent.keyId
  const isPublished = store.feed(identity)?.record != null || deps.keys.letter(identity) !== null
  const isLost = holders.isKeyLost(intent, isAsWanted && isPublished)
  const record = isAsWanted ? null : await rewrite(deps, () => intent)
  if (!isLost) return record
  const renewed = await rewrite(deps, () => renew(deps, holders, intent))
  if (renewed !== null) return renewed
  // Nothing was published by then.
  renew(deps, holders, intent)
  return bringFeed(deps)
}

/** `wish` is asked when the writer's turn has come, and the feed can be written anew. */
async function rewrite(deps: BringDeps, wish: () => Intent): Promise<HeadRecord | null> {
  const { store, crypto, identity, writer } = deps
  deps.assertMayRewrite()
  const record = await writer.recast(() => {
    const { keyId, leaveOut, keep } = wish()
    return { seal: keyId === null ? null : sealUnder({ store, crypto, identity }, keyId), leaveOut, keep }
  })
  await deps.rewritten()
  return record
}

/** Another key for the same readers. */
function renew(deps: BringDeps, holders: Holders, intent: Intent): Intent {
  const { store, identity, log } = deps
  const { key, keyId } = newKey(deps)
  const next = { ...intent, keyId, leaveOut: true, epoch: key.epoch - 1 }
  deps.keys.keep(key)
  saveIntent(store, identity, next)
  holders.renewed(next)
  log.info('feed.key-renewed', {})
  return next
}

/** A new key, from the next epoch on. */
export function newKey({
  store,
  identity,
  random,
  crypto,
}: Pick<BringDeps, 'store' | 'identity' | 'random' | 'crypto'>): {
  readonly key: FeedKey
  readonly keyId: string
} {
  const epoch = (store.feed(identity)?.record?.head.epoch ?? 0) + 1
  const key: FeedKey = { feed: identity, epoch, key: random(32) }
  return { key, keyId: feedKeyId(key.key, crypto) }
}
