/**
 * The receiving half of gossip over one session (spec G4): who carries, what waits for a carrier, what came along.
 *
 *     heads ─▶ told-heads ─▶ fetch          news ─▶ news-client ─▶ store
 *                  └────── carriers, carry ──────┘
 *
 * @module
 */
import type { HeadRecord, Identity, RawCid, Sha256 } from '@effigy/core'
import type { Store } from '@effigy/store'
import { Lazy } from '../lazy.ts'
import type { Log } from '../log.ts'
import type { News } from '../messages.ts'
import type { Effects } from '../replication/effects.ts'
import type { HeadsClient } from '../replication/heads-client.ts'
import type { Carriers } from './carriers.ts'
import { createCarry } from './carry.ts'
import { createNewsClient } from './news-client.ts'
import { createToldHeads, type Told } from './told-heads.ts'

export interface GossipSessionPorts {
  readonly remote: Identity
  readonly store: Store
  readonly sha256: Sha256
  readonly effects: Effects
  readonly log: Log
  /** Of all sessions of the peer. */
  readonly shared: { readonly carriers: Carriers; readonly arriving: Set<RawCid> }
  readonly heads: () => HeadsClient
  /** Feeds that the other side carries by itself. */
  readonly isCarried: (identity: Identity) => boolean
  readonly fetch: (identity: Identity) => void
  /** Bytes that came along and were new. */
  readonly onTaken: (bytes: number) => void
}

export interface GossipSession extends Disposable {
  /** A head came alone. */
  told(identity: Identity, how: Told): void
  take(message: News, bytes: Uint8Array): void
  /** Whether somebody else may bring what the other side told. */
  isWaiting(identity: Identity): boolean
  /** News whose signatures are being checked. */
  checking(): number
  /** Those, and heads that wait for their carrier. */
  busy(): number
}

export function createGossipSession(ports: GossipSessionPorts): GossipSession {
  const { remote, store, sha256, effects, log, shared, heads, isCarried, fetch, onTaken } = ports
  const { carriers, arriving } = shared
  const self = createCarry({ effects, isDefault: isCarried })
  if (isCarried(remote)) carriers.prefer(remote, self)
  const toldHeads = createToldHeads({
    effects,
    carriers,
    self,
    headOf: (identity) => heads().head(identity)?.head ?? null,
    isHere: (head) => store.entry(head) !== null,
    fetch,
  })
  const news = new Lazy(() =>
    createNewsClient({
      store,
      sha256,
      effects,
      log,
      carriers,
      arriving,
      self,
      isAsked: (identity) => heads().asks(identity),
      note: (record: HeadRecord) => heads().note(record),
      headAlone: (record) => heads().takeOne(record),
      onHead: fetch,
      onTaken,
    }),
  )
  const checking = (): number => news.made?.busy() ?? 0
  return {
    told: toldHeads.told,
    take: (message, bytes) => news.get().take(message, bytes),
    isWaiting: toldHeads.isWaiting,
    checking,
    busy: () => checking() + toldHeads.waiting(),
    [Symbol.dispose]() {
      carriers.leave(self)
      news.made?.[Symbol.dispose]()
    },
  }
}
