/**
 * On which devices and hubs a person's data is (DESIGN 2.7): what was checked, and what own devices say of themselves.
 *
 *     held here ─────────────────────────▶ self
 *     state `replicates/DEVICE` ─────────▶ devices, as they say
 *     sessions that have all of ours ────▶ devices and hubs, checked: these are copies
 *
 * @module
 */
import type { Identity, Json } from '@effigy/core'
import type { WatchPolicy } from '@effigy/store'
import type { Peer } from '../peer.ts'

/** How much of the account's feeds is somewhere. */
export type Extent =
  /** Everything, or for a hub: everything that this device wrote. */
  | { readonly type: 'all' }
  /** Of each feed so many of the newest entries, or those since then (comparable, ms). */
  | Exclude<WatchPolicy['depth'], { readonly type: 'all' }>
  /** Entries here, of those that are known of. */
  | { readonly type: 'part'; readonly held: number; readonly total: number }
  | { readonly type: 'unknown' }

export interface DataPlace {
  readonly type: 'self' | 'device' | 'hub'
  readonly identity: Identity
  /** What the account calls the device; null for a hub. */
  readonly label: string | null
  readonly extent: Extent
  /** It was asked in this session, and has everything that this device wrote. What is only said counts as no copy. */
  readonly checked: boolean
}

export interface Whereabouts {
  readonly places: readonly DataPlace[]
  /** Checked places, this device among them, that have everything which this device wrote. 1: a loss would be one for good. */
  readonly copies: number
}

type Asked = Pick<Peer, 'identity' | 'store' | 'state' | 'account' | 'status'>

const keyOf = (device: Identity): string => `replicates/${device}`

export function whereabouts(peer: Asked): Whereabouts {
  const { identity: self, account, state, status } = peer
  const { sessions } = status()
  const has = new Set(sessions.flatMap(({ identity, hasMine }) => (hasMine ? [identity] : [])))
  const members = account.show()?.members ?? []
  const own = members.find(({ isSelf }) => isSelf)
  const here: DataPlace = {
    type: 'self',
    identity: self,
    label: own?.label ?? null,
    extent: heldHere(peer),
    checked: true,
  }
  const devices = members
    .filter(({ isSelf }) => !isSelf)
    .map(({ identity, label }): DataPlace => {
      const extent = readExtent(state.value(keyOf(identity)))
      return { type: 'device', identity, label, extent, checked: has.has(identity) }
    })
  const hubs = sessions
    .filter(({ kind }) => kind === 'hub')
    .map(({ identity, hasMine }): DataPlace => {
      return {
        type: 'hub',
        identity,
        label: null,
        extent: { type: hasMine ? 'all' : 'unknown' },
        checked: hasMine,
      }
    })
  const places = [here, ...devices, ...hubs]
  return { places, copies: places.filter(({ checked }) => checked).length }
}

/** Says to the other own devices how much of the account's feeds this one keeps; only where that is news. */
export async function tellExtent({ identity: self, store, state, account }: Asked): Promise<void> {
  const others = (account.show()?.members ?? []).filter(({ isSelf }) => !isSelf)
  const depths = others.map(({ identity }) => store.feed(identity)?.policy.depth ?? { type: 'all' as const })
  // The least of them: who has a part of one feed has not all.
  const depth = depths.find(({ type }) => type !== 'all') ?? { type: 'all' }
  await state.set([[keyOf(self), { ...depth } as Json]])
}

function heldHere({ identity: self, store, account }: Asked): Extent {
  const members = account.show()?.members ?? []
  const feeds = members.length === 0 ? [self] : members.map(({ identity }) => identity)
  let held = 0
  let total = 0
  for (const identity of feeds) {
    const feed = store.feed(identity)
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
