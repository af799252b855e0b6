/**
 * Where this device's newest entries are: at which hubs, own devices and friends (spec R60).
 *
 *     own chain, what each place said that it has (receipts.ts) ─▶ DeliveryView
 *
 * A place says up to where it has everything. Nothing is guessed: who was not asked, or did not answer, has nothing as far as
 * is known here.
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import type { Item, Store } from '@effigy/store'
import { allConfirmed, type Confirmation } from './confirmed.ts'
import type { Network } from './network.ts'
import type { ReceiptState } from './receipts.ts'

export interface DeliveryView {
  /** Entries of this device's own feed, all that there are. */
  readonly length: number
  /** Those who keep the feed, or said that they do: hubs first, then own devices, then others, by identity. */
  readonly places: readonly DeliveryPlace[]
  /** The newest first. */
  readonly entries: readonly DeliveredEntry[]
}

export interface DeliveryPlace {
  readonly identity: Identity
  readonly kind: 'hub' | 'own' | 'friend' | 'other'
  readonly isConnected: boolean
  /** It has every entry up to here, as it last said; 0: nothing is known, or what it had was rewritten since. */
  readonly length: number
  /** When it said so, wall clock, ms; null: never. */
  readonly at: number | null
  /** `away`: not connected. `unwanted`: it does not keep this feed. */
  readonly state: ReceiptState | 'away'
}

export interface DeliveredEntry {
  readonly item: Item
  /** Who has it, in the order of `places`. */
  readonly at: readonly Identity[]
}

export interface DeliveryPorts {
  readonly store: Store
  readonly self: Identity
  readonly network: Pick<Network, 'served' | 'trust'>
}

const mostEntries = 100

const rank = { hub: 0, own: 1, friend: 2, other: 3 } as const

/** `limit`: 1 to 100 entries; 10 when omitted. */
export function deliveryOf(ports: DeliveryPorts, limit = 10): DeliveryView {
  const { store, self } = ports
  const places = placesOf(ports)
  const { items } = store.feedItems(self, { limit: Math.min(Math.max(1, Math.trunc(limit)), mostEntries) })
  return {
    length: store.feed(self)?.record?.head.length ?? 0,
    places,
    entries: items.map((item) => ({
      item,
      at: places.filter(({ length }) => length >= item.length).map(({ identity }) => identity),
    })),
  }
}

function placesOf({ store, self, network }: DeliveryPorts): readonly DeliveryPlace[] {
  const places = new Map<Identity, DeliveryPlace>()
  const kindOf = (identity: Identity, isHub: boolean): DeliveryPlace['kind'] => {
    const stance = network.trust(identity)
    if (isHub) return 'hub'
    return stance === 'own' || stance === 'friend' ? stance : 'other'
  }
  for (const [identity, confirmation] of allConfirmed(store)) {
    places.set(identity, {
      identity,
      // Those whom a person chose are asked, and remembered: hubs but for own devices and friends.
      kind: kindOf(identity, !['own', 'friend'].includes(network.trust(identity))),
      isConnected: false,
      ...upTo(store, self, confirmation),
      state: 'away',
    })
  }
  for (const { session, receipts, kind } of network.served) {
    const { remote } = session
    if (receipts.state === 'unwanted' && receipts.confirmation === null && kind !== 'hub') continue
    places.set(remote, {
      identity: remote,
      kind: kindOf(remote, kind === 'hub'),
      isConnected: true,
      ...upTo(store, self, receipts.confirmation),
      state: receipts.state,
    })
  }
  return [...places.values()].sort(
    (a, b) => rank[a.kind] - rank[b.kind] || (a.identity < b.identity ? -1 : 1),
  )
}

/** What was confirmed counts while it is a part of the chain of now. */
function upTo(
  store: Pick<Store, 'entryAt'>,
  self: Identity,
  confirmation: Confirmation | null,
): Pick<DeliveryPlace, 'length' | 'at'> {
  if (confirmation === null) return { length: 0, at: null }
  const { head, at } = confirmation
  const cid: RawCid | null = store.entryAt(self, head.length)?.signed.cid ?? null
  return { length: cid === head.head ? head.length : 0, at }
}
