/**
 * The receiving half of gossip over one session (spec G4): who carries, what waits for a carrier, what came along.
 *
 *     heads ─▶ told-heads ─▶ fetch          news ─▶ news-client ─▶ store
 *                  └────── carriers, carry ──────┘
 *
 * @module
 */
import type { Identity, RawCid, Sha256 } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Log } from '../log.ts'
import type { News } from '../messages.ts'
import type { Effects } from '../replication/effects.ts'
import type { HeadsClient } from '../replication/heads-client.ts'
import type { CarrierSession, Carriers } from './carriers.ts'
import { createCarry } from './carry.ts'
import { createNewsClient, type NewsClient } from './news-client.ts'
import { createToldHeads, type Told, type ToldHeads, type ToldHeadsPorts } from './told-heads.ts'

export interface GossipSessionPorts {
  readonly remote: Identity
  readonly store: Store
  readonly sha256: Sha256
  readonly effects: Effects
  readonly log: Log
  /** Of all sessions of the peer. */
  readonly shared: { readonly carriers: Carriers; readonly arriving: Set<RawCid> }
  readonly heads: HeadsClient
  /** Feeds that the other side carries by itself. */
  isCarried(identity: Identity): boolean
  fetch(identity: Identity): void
  /** Bytes that came along and were new. */
  onTaken(bytes: number): void
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
  return new Gossip(ports)
}

/** A class, because each session has one. It is what its parts ask, too. */
class Gossip implements GossipSession, ToldHeadsPorts {
  readonly effects: Effects
  readonly carriers: Carriers
  readonly self: CarrierSession
  readonly #ports: GossipSessionPorts
  readonly #toldHeads: ToldHeads
  #news: NewsClient | null = null

  constructor(ports: GossipSessionPorts) {
    const { remote, effects } = ports
    this.#ports = ports
    this.effects = effects
    this.carriers = ports.shared.carriers
    this.self = createCarry(ports)
    if (ports.isCarried(remote)) this.carriers.prefer(remote, this.self)
    this.#toldHeads = createToldHeads(this)
  }

  headOf(identity: Identity): RawCid | null {
    return this.#ports.heads.head(identity)?.head ?? null
  }

  isHere(head: RawCid): boolean {
    return this.#ports.store.entry(head) !== null
  }

  fetch(identity: Identity): void {
    this.#ports.fetch(identity)
  }

  #createNews(): NewsClient {
    const ports = this.#ports
    const { store, sha256, effects, log, heads, shared } = ports
    return createNewsClient({
      store,
      sha256,
      effects,
      log,
      carriers: shared.carriers,
      arriving: shared.arriving,
      self: this.self,
      isAsked: (identity) => heads.asks(identity),
      note: (record) => heads.note(record),
      headAlone: (record) => heads.takeOne(record),
      onHead: (identity) => ports.fetch(identity),
      onTaken: (bytes) => ports.onTaken(bytes),
    })
  }

  told(identity: Identity, how: Told): void {
    this.#toldHeads.told(identity, how)
  }

  take(message: News, bytes: Uint8Array): void {
    this.#news ??= this.#createNews()
    this.#news.take(message, bytes)
  }

  isWaiting(identity: Identity): boolean {
    return this.#toldHeads.isWaiting(identity)
  }

  checking(): number {
    return this.#news?.busy() ?? 0
  }

  busy(): number {
    return this.checking() + this.#toldHeads.waiting()
  }

  [Symbol.dispose](): void {
    this.carriers.leave(this.self)
    this.#news?.[Symbol.dispose]()
  }
}
