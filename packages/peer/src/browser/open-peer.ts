/**
 * The peer of a browser, for the dedicated worker that has it alone.
 *
 *     vault in IndexedDB, store on OPFS, WebCrypto, WebSocket ─openBrowserPeer▶ Peer
 *
 * @module
 */

import type { Crypto } from '@effigy/crypto'
import { nobleScrypt } from '@effigy/crypto'
import type { VaultDatabase } from '@effigy/crypto/browser'
import { dialWebSocket } from '@effigy/links'
import type { Progress, Store } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'
import { createPeer } from '../create-peer.ts'
import { type Continuity, noteRestored, renewInstance } from '../instance.ts'
import { createFetchAlias } from '../joining/fetch-alias.ts'
import type { Peer, PeerDeps } from '../peer.ts'

/** What an app may say of its peer; the same for all that it opens. */
export type BrowserPeerOptions = Partial<
  Pick<PeerDeps, 'networkKey' | 'saving' | 'limits' | 'dial' | 'services' | 'rtc'>
>

export interface BrowserPeerParts {
  /** Open, and not locked. Not owned. */
  readonly vault: VaultDatabase
  /** Not owned. */
  readonly store: Store
  readonly crypto: Crypto
  /** As `PeerDeps` has it. */
  readonly verifyEntries: NonNullable<PeerDeps['verifyEntries']>
  readonly clock: Clock
  readonly log: Log
  /** Of views that are made anew. */
  readonly onProgress: (progress: Progress) => void
  readonly signal: AbortSignal
}

export interface OpenedPeer {
  readonly peer: Peer
  readonly continuity: Continuity
}

/** The keys were made just now: what another device left in the store is not its own. */
export function disownStore(store: Store): void {
  noteRestored(store, false)
}

/** Dispose the peer, then what it was given. Throws what vault and store throw, and the signal's reason. */
export async function openBrowserPeer(
  { vault, store, crypto, verifyEntries, clock, log, onProgress, signal }: BrowserPeerParts,
  options: BrowserPeerOptions = {},
): Promise<OpenedPeer> {
  const continuity = await renewInstance(vault, store, clock.now())
  if (continuity !== 'continued') log.warn(`device.${continuity}`, {})
  if (store.rebuildPending) await store.rebuildViews({ signal, onProgress })
  const peer = await createPeer({
    dial: (address, dialSignal) => dialWebSocket(address, { clock, signal: dialSignal }),
    ...options,
    store,
    crypto,
    verifyEntries,
    verifyRests: true,
    signer: vault.signer,
    boxKey: vault.boxKey,
    formerBoxKeys: await vault.formerBoxKeys(),
    vault: vault.account,
    scrypt: nobleScrypt,
    random: crypto.randomBytes,
    fetchAlias: createFetchAlias(fetch),
    clock,
    log,
    continuity,
  })
  return { peer, continuity }
}
