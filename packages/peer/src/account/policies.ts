/**
 * How much of a person is wanted, and how the devices share it (following.ts).
 *
 *     policy of the root, else of the identity that led to it ─▶ a part for each device, little of one that is new
 *
 * @module
 */
import type { Authority, FollowedFeed, Root } from '@effigy/core'
import type { Store, WatchPolicy } from '@effigy/store'
import { isForItself, wholeFeed } from '../relations.ts'
import type { Newcomers } from './newcomers.ts'

/** States of a followed account: the newest tells all, those below say when entries were written by members. */
const statesKept = 64

/** Entries of a device that came within a day. */
const newcomerEntries = 50

const policyKey = (root: Root): string => `account-policy/${root}`

export function savePolicy(
  store: Pick<Store, 'saveSetting'>,
  root: Root,
  { depth, blobs }: WatchPolicy,
): void {
  store.saveSetting(policyKey(root), JSON.stringify({ depth, blobs }))
}

/** What is wanted of a person; what was wanted of the identity that led to the account, before it was known. */
export function policyOfAccount(
  store: Pick<Store, 'setting' | 'saveSetting' | 'feed'>,
  root: Root,
  keys: Authority['keys'],
): WatchPolicy {
  const text = store.setting(policyKey(root))
  // Nobody but `savePolicy` writes it.
  if (text !== null) return JSON.parse(text) as WatchPolicy
  for (const key of keys) {
    const { watched, policy } = store.feed(key) ?? { watched: false, policy: wholeFeed }
    if (!watched || !isForItself(policy) || policy.account !== undefined) continue
    savePolicy(store, root, policy)
    return policy
  }
  return wholeFeed
}

/** The part of one device in what is wanted of its person. */
export function sharedPolicy(
  { depth, blobs }: WatchPolicy,
  { identity, role }: FollowedFeed,
  devices: number,
  newcomers: Newcomers,
): WatchPolicy {
  if (role === 'synod') return { depth: { type: 'last', count: statesKept }, blobs }
  const share: WatchPolicy['depth'] =
    depth.type === 'last' ? { type: 'last', count: Math.ceil(depth.count / Math.max(1, devices)) } : depth
  if (!newcomers.isNew(identity)) return { depth: share, blobs }
  const count = share.type === 'last' ? Math.min(share.count, newcomerEntries) : newcomerEntries
  return { depth: { type: 'last', count }, blobs }
}

export function isSamePolicy(a: WatchPolicy, b: WatchPolicy): boolean {
  return (
    a.account === b.account &&
    a.hop === b.hop &&
    a.leased === b.leased &&
    JSON.stringify(a.depth) === JSON.stringify(b.depth) &&
    JSON.stringify(a.blobs) === JSON.stringify(b.blobs)
  )
}
