/**
 * Being found in the own network, and finding others there (spec U).
 *
 *     identity, port ─tag▶ mDNS ─▶ neighbours ─whose tag?▶ peer.connect
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { type LanOptions, type Multicast, openLan, openMulticast } from '@effigy/links/node'
import type { Clock, Log } from '@effigy/sync'
import { keepNeighbours } from '../neighbours/neighbours.ts'
import { neighbourTag, tagNonceBytes } from '../neighbours/tag.ts'
import { wantedNeighbours } from '../neighbours/wanted.ts'
import type { Peer } from '../peer.ts'

export interface LanPeerOptions {
  /** Who is announced. */
  readonly identity: Identity
  /** At which it listens, for everybody in the network and without TLS; null: it only looks for others. */
  readonly port: number | null
  /** Looks for those whom it wants, and connects to them; null: it is only found. */
  readonly peer: Pick<Peer, 'identity' | 'store' | 'connect' | 'statuses'> | null
  /** Sought too, and chosen: hubs of a list. */
  readonly also?: () => Iterable<Identity>
  readonly clock: Clock
  readonly log: Log
  /** That of the system when omitted. */
  readonly multicast?: Multicast
  readonly addresses?: LanOptions['addresses']
}

/** Until disposed. Throws `EffigyError` 'lan-unavailable'. */
export async function openLanPeer(options: LanPeerOptions): Promise<AsyncDisposable> {
  const { identity, port, peer, clock, log, also = () => [], addresses } = options
  const crypto = createNodeCrypto()
  await using undo = new AsyncDisposableStack()
  const multicast = options.multicast ?? (await openMulticast(log))
  undo.defer(() => multicast.close())
  const wanted = (): ReadonlyMap<Identity, boolean> => {
    const found = new Map<Identity, boolean>()
    for (const other of peer === null ? [] : wantedNeighbours(peer.store, identity)) found.set(other, false)
    for (const hub of also()) found.set(hub, true)
    return found
  }
  const neighbours = peer === null ? null : undo.use(keepNeighbours({ peer, crypto, clock, log, wanted }))
  undo.use(
    openLan({
      multicast,
      clock,
      log,
      random: crypto.randomBytes,
      sign:
        port === null
          ? null
          : () => ({ port, tag: neighbourTag(crypto, identity, crypto.randomBytes(tagNonceBytes)) }),
      heard: neighbours === null ? null : (neighbour) => neighbours.heard(neighbour),
      ...(addresses === undefined ? {} : { addresses }),
    }),
  )
  const owned = undo.move()
  return { [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
