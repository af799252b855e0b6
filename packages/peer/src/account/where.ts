/**
 * On which devices and hubs a person's data is (spec V34): what was checked, and what own devices say of themselves.
 *
 *     held here ─────────────────────────▶ self
 *     state `replicates/DEVICE` ─────────▶ devices, as they say
 *     sessions that have all of ours ─┐
 *     leases, checked within 30 days ─┴──▶ devices, friends and hubs, checked: these are copies
 *
 * @module
 */
import type { Identity, Json } from '@effigy/core'
import type { WatchPolicy } from '@effigy/store'
import { confirmedBy } from '../confirmed.ts'
import type { GivenLease } from '../leases/leases.ts'
import type { Peer } from '../peer.ts'

/** How much of the account's feeds is somewhere. */
export type Extent =
  /** Everything; of a hub or friend without leases: everything that this device wrote. */
  | { readonly type: 'all' }
  /** Of each feed so many of the newest entries, or those since then (comparable, ms). */
  | Exclude<WatchPolicy['depth'], { readonly type: 'all' }>
  /** Entries there, of those that are known of. */
  | { readonly type: 'part'; readonly held: number; readonly total: number }
  | { readonly type: 'unknown' }

export interface DataPlace {
  readonly type: 'self' | 'device' | 'friend' | 'hub'
  readonly identity: Identity
  /** What the account calls the device; null for others. */
  readonly label: string | null
  readonly extent: Extent
  /**
   * It showed that it has everything which this device wrote: in this session, or in a spot check of a lease within 30 days.
   * What is only said counts as no copy.
   */
  readonly checked: boolean
  /** What it promised, the earliest end of all that holds; null: nothing. */
  readonly lease: PlaceLease | null
}

export interface PlaceLease {
  /** Ms on the holder's clock. */
  readonly until: number
  /** When it last showed it, ms; the longest ago of all. Null: of some part never. */
  readonly checkedAt: number | null
  /** Why it is not to be relied on (`GivenLease.failure`); null: nothing is known against it. */
  readonly failure: string | null
}

export interface Whereabouts {
  readonly places: readonly DataPlace[]
  /** Checked places, this device among them, that have everything which this device wrote. 1: a loss would be one for good. */
  readonly copies: number
}

type Asked = Pick<Peer, 'identity' | 'store' | 'state' | 'account' | 'status' | 'leases'>

const keyOf = (device: Identity): string => `replicates/${device}`

/** Of the peer as it is now: what was checked counts as a copy, what own devices say of themselves does not. */
export function whereabouts(peer: Asked): Whereabouts {
  const { identity: self, account, state, status, leases } = peer
  const { sessions } = status()
  const has = new Set(sessions.flatMap(({ identity, hasMine }) => (hasMine ? [identity] : [])))
  const members = account.show()?.members ?? []
  const own = members.find(({ isSelf }) => isSelf)
  const given = Map.groupBy(leases.list(), ({ holder }) => holder)
  const leasesOf = (holder: Identity): readonly GivenLease[] => given.get(holder) ?? []
  // Who was found out is not believed that it has everything, either (V38).
  const isChecked = (holder: Identity): boolean =>
    !leasesOf(holder).some(({ state }) => state === 'failed') &&
    (has.has(holder) || coversMine(peer, leasesOf(holder)))

  const here: DataPlace = {
    type: 'self',
    identity: self,
    label: own?.label ?? null,
    extent: heldHere(peer),
    checked: true,
    lease: null,
  }
  const devices = members
    .filter(({ isSelf }) => !isSelf)
    .map(({ identity, label }): DataPlace => {
      const said = readExtent(state.value(keyOf(identity)))
      const extent = said.type === 'unknown' ? leasedExtent(peer, identity, leasesOf(identity)) : said
      const lease = placeLease(leasesOf(identity))
      return { type: 'device', identity, label, extent, checked: isChecked(identity), lease }
    })
  const known = new Set(members.map(({ identity }) => identity))
  const hubs = new Set(sessions.flatMap(({ identity, kind }) => (kind === 'hub' ? [identity] : [])))
  const others = [...new Set([...hubs, ...given.keys()])]
    .filter((identity) => !known.has(identity))
    .map((identity): DataPlace => {
      // Who is away and follows us is a friend, as far as is known: hubs follow nobody.
      const isFriend = !hubs.has(identity) && peer.store.relations(self, 'follow').includes(identity)
      const theirs = leasesOf(identity)
      const leased = leasedExtent(peer, identity, theirs)
      const extent = leased.type === 'unknown' && has.has(identity) ? { type: 'all' as const } : leased
      const checked = isChecked(identity)
      return {
        type: isFriend ? 'friend' : 'hub',
        identity,
        label: null,
        extent,
        checked,
        lease: placeLease(theirs),
      }
    })
  const places = [here, ...devices, ...others]
  return { places, copies: places.filter(({ checked }) => checked).length }
}

/**
 * Whether the last spot check showed it, and it covers all that this device wrote: up to the head of now, or what came
 * since was asked for while they were last met (R13) and falls under the lease's next renewal.
 */
function coversMine({ identity: self, store }: Asked, leases: readonly GivenLease[]): boolean {
  const lease = leases.find(({ feed }) => feed === self)
  const head = store.feed(self)?.record?.head
  if (lease?.state !== 'checked' || head === undefined || lease.epoch !== head.epoch) return false
  return lease.head === head.head || confirmedBy(store, lease.holder).read()?.head.head === head.head
}

const holds = ({ state }: GivenLease): boolean =>
  state === 'checked' || state === 'unchecked' || state === 'promised'

/** The worst of what is known of it, and the first end. */
function placeLease(leases: readonly GivenLease[]): PlaceLease | null {
  if (leases.length === 0) return null
  const standing = leases.filter(holds)
  const counted = standing.length > 0 ? standing : leases
  const checks = counted.map(({ checkedAt }) => checkedAt)
  return {
    until: Math.min(...counted.map(({ until }) => until)),
    checkedAt: checks.includes(null) ? null : Math.min(...checks.map(Number)),
    failure: leases.find(({ failure }) => failure !== null)?.failure ?? null,
  }
}

/** Of all entries of own devices, those that a holder showed: its own it has anyway. */
function leasedExtent(peer: Asked, holder: Identity, leases: readonly GivenLease[]): Extent {
  const checked = new Map(
    leases.filter(({ state }) => state === 'checked').map((lease) => [lease.feed, lease]),
  )
  if (checked.size === 0) return { type: 'unknown' }
  let held = 0
  let total = 0
  for (const feed of ownFeeds(peer)) {
    const head = peer.store.feed(feed)?.record?.head
    if (head === undefined) continue
    const lease = checked.get(feed)
    total += head.length
    if (feed === holder) held += head.length
    else if (lease?.epoch === head.epoch) held += Math.min(lease.length, head.length)
  }
  return held < total ? { type: 'part', held, total } : { type: 'all' }
}

function ownFeeds({ identity: self, account }: Asked): readonly Identity[] {
  const members = account.show()?.members ?? []
  return members.length === 0 ? [self] : members.map(({ identity }) => identity)
}

/** Says to the other own devices how much of the account's feeds this one keeps; only where that is news. */
export async function tellExtent({ identity: self, store, state, account }: Asked): Promise<void> {
  const others = (account.show()?.members ?? []).filter(({ isSelf }) => !isSelf)
  const depths = others.map(({ identity }) => store.feed(identity)?.policy.depth ?? { type: 'all' as const })
  // The least of them: who has a part of one feed has not all.
  const depth = depths.find(({ type }) => type !== 'all') ?? { type: 'all' }
  await state.set([[keyOf(self), { ...depth } as Json]])
}

function heldHere(peer: Asked): Extent {
  let held = 0
  let total = 0
  for (const identity of ownFeeds(peer)) {
    const feed = peer.store.feed(identity)
    held += feed?.heldCount ?? 0
    total += Math.max(feed?.heldCount ?? 0, feed?.record?.head.length ?? 0)
  }
  return held < total ? { type: 'part', held, total } : { type: 'all' }
}

/** What an own device wrote, perhaps of a later version. */
function readExtent(value: Json | null): Extent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { type: 'unknown' }
  const { type, count, comparable } = value as { readonly [name: string]: Json }
  if (type === 'all') return { type }
  if (type === 'last' && isCount(count)) return { type, count }
  if (type === 'since' && isCount(comparable)) return { type, comparable }
  return { type: 'unknown' }
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
