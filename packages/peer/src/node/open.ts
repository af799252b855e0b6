/**
 * Opens a home folder as a peer.
 *
 * @module
 */
import { EffigyError, type Identity, parseBase64url } from '@effigy/core'
import { accountVault } from '@effigy/crypto'
import { createVerifyPool, nodeScrypt, openNodeCrypto, openVaultFile } from '@effigy/crypto/node'
import type { RtcPort } from '@effigy/links'
import { dialWebSocket } from '@effigy/links/node'
import { openNodeStore } from '@effigy/store/node'
import type { Clock, Link, Log, Redeem, SessionLimits } from '@effigy/sync'
import { createPeer } from '../create-peer.ts'
import { renewInstance } from '../instance.ts'
import type { ServiceOptions } from '../kept-services.ts'
import type { Peer } from '../peer.ts'
import type { SignallingOptions } from '../reach.ts'
import { fetchAlias } from './fetch-alias.ts'
import { isHome, storePath, vaultPath } from './home.ts'
import { unlockVault } from './unlock.ts'

export interface NodePeerOptions {
  /** Folder of the home; see `createHome`. */
  readonly home: string
  readonly clock: Clock
  readonly log: Log
  /** `peer` when omitted. */
  readonly kind?: 'peer' | 'hub'
  readonly admits?: (identity: Identity) => boolean
  /** For whom of those who have a session a hub keeps feeds; for all when omitted. */
  readonly isMember?: (identity: Identity) => boolean
  /** Whom whoever runs this peer shuts out; see `PeerDeps`. */
  readonly turnsAway?: () => ReadonlySet<Identity>
  /** Takes invites, for hubs; nobody may show one when omitted. */
  readonly redeem?: Redeem
  /** What the other side of a session watches (its whole current list), for hubs that track it. */
  readonly tracks?: (remote: Identity, identities: readonly Identity[], kind: 'peer' | 'hub') => void
  /** Dials `ws:` and `wss:` addresses when omitted. */
  readonly dial?: (address: string, signal: AbortSignal) => Promise<Link>
  /** Makes connections from device to device: `openNodeRtc` of `@effigy/links/node`; none when omitted. */
  readonly rtc?: RtcPort
  readonly networkKey?: Uint8Array
  /** What is kept for others: leases of own devices alone when omitted. */
  readonly services?: ServiceOptions
  /** Signalling and relaying for whoever has a session; none when omitted. */
  readonly signalling?: SignallingOptions
  /** Bounds of sessions that shall differ from `defaultSessionLimits`. */
  readonly limits?: Partial<SessionLimits>
  /**
   * Asked while the vault is locked: the passphrase, or null to give up. `attempt` counts from 0; above, the one before
   * was wrong. Omitted: a locked vault is an error.
   */
  readonly passphrase?: (attempt: number) => Promise<string | null>
  /** Threads that check signatures behind a sync; 1 when omitted, 0 for none. */
  readonly verifyThreads?: number
}

export interface NodePeer extends Peer {
  /** The words of the account, until their owner confirmed to have them; then null. */
  readonly phrase: string | null
  /** X25519 public key of this device, 32 bytes: what is meant for it alone is sealed to it. */
  readonly boxKey: Uint8Array
}

/**
 * Throws `EffigyError` 'home-absent' when nothing was created there, 'vault-locked', 'passphrase-wrong', and what store
 * and vault throw.
 */
export async function openNodePeer(options: NodePeerOptions): Promise<NodePeer> {
  const { home, clock, log, verifyThreads = 1 } = options
  if (!isHome(home)) {
    throw new EffigyError('home-absent', `${home} holds no device yet. Create one there first.`)
  }
  await using undo = new AsyncDisposableStack()
  const vault = openVaultFile(vaultPath(home))
  undo.defer(vault.lock)
  // Before the store is opened: a person may take their time.
  await unlockVault(vault, options.passphrase)
  const crypto = await openNodeCrypto()
  // The store first: its lock keeps a second process from renewing the instance number.
  const store = undo.use(openNodeStore(storePath(home), { sha256: crypto.sha256, now: clock.now }))
  // With the store's lock nobody else writes there.
  vault.tidy()
  const secrets = vault.read()
  const seed = parseBase64url(secrets?.seed ?? '')
  const boxSecret = parseBase64url(secrets?.box ?? '')
  if (secrets === null || seed === null || boxSecret === null) {
    throw new EffigyError(
      'vault',
      `The key file of ${home} is gone or unreadable. Put its backup back, or create another home.`,
    )
  }
  const agreement = await crypto.agreementKey(boxSecret)
  const continuity = await renewInstance(vault, store, clock.now())
  if (continuity !== 'continued') log.warn(`home.${continuity}`, { instance: secrets.instance })
  const pool = verifyThreads > 0 ? undo.use(createVerifyPool({ threads: verifyThreads })) : null
  const peer = undo.use(
    await createPeer({
      ...options,
      store,
      crypto,
      signer: await crypto.signer(seed),
      boxKey: agreement,
      vault: accountVault(vault),
      scrypt: nodeScrypt,
      random: crypto.randomBytes,
      fetchAlias,
      dial: options.dial ?? ((address, signal) => dialWebSocket(address, { clock, signal })),
      ...(pool === null ? {} : { verify: pool.verify, verifyEntries: pool.verifyEntries }),
      continuity,
    }),
  )
  const owned = undo.move()
  return {
    ...peer,
    boxKey: agreement.publicKey,
    get phrase() {
      return peer.account.phrase()
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
