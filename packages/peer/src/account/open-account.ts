/**
 * Puts the parts of `peer.account` together (account.ts).
 *
 *     vault ─▶ keyring ─┐                       ┌─▶ circle (trust, blocks) ─▶ network
 *     store.synods ─▶ own account ─▶ state writer, following, news
 *
 * @module
 */
import {
  accountNames,
  createAccount,
  deriveSynodKey,
  EffigyError,
  encodeBase64url,
  type Identity,
  phraseSeed,
  type RandomBytes,
  type Root,
  type Signer,
  setLabel,
  setProfile,
  signMember,
} from '@effigy/core'
import type { AgreementKey, Crypto, Vault } from '@effigy/crypto'
import type { Store, StoreChange } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'
import { createPulse, liveAnswers, type Pulse } from '../live.ts'
import type { DraftDeps } from '../publish.ts'
import type { CreateAccountOptions, KnownAccount, PeerAccount } from './account.ts'
import { createNewsDesk } from './account-news.ts'
import { type Circle, createCircle } from './circle.ts'
import { createFollowing, type Following } from './following.ts'
import { openKeyring, secretOf } from './keyring.ts'
import { type OwnAccount, openOwnAccount } from './own-account.ts'
import { createStateWriter, stateFault } from './state-writer.ts'

export interface AccountDeps {
  readonly store: Store
  readonly crypto: Crypto
  readonly signer: Signer
  readonly identity: Identity
  readonly boxKey: AgreementKey
  readonly vault: Pick<Vault, 'read' | 'replace'> | null
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly drafts: DraftDeps
  readonly voidPayload: () => string
  /** Throws an `EffigyError` when nothing may be written now. */
  readonly assertMayWrite: () => void
  /** These are watched now, or no longer. */
  readonly watched: (identities: readonly Identity[]) => void
  /** The peer is closed. */
  readonly signal: AbortSignal
}

export interface OpenAccount extends Disposable {
  readonly api: PeerAccount
  readonly own: OwnAccount
  readonly circle: Circle
  readonly following: Following
  /** For each commit. */
  changed(change: StoreChange): void
  /** Resolves when nothing is being written. */
  idle(): Promise<void>
}

const defaultLabel = 'this device'

export async function openAccount(deps: AccountDeps): Promise<OpenAccount> {
  const { store, crypto, signer, identity, boxKey, clock, drafts, assertMayWrite } = deps
  const keyring = await openKeyring(deps.vault, crypto, deps.random)
  const own = openOwnAccount(store, identity, keyring)
  const circle = createCircle(store, identity, own)
  const following = createFollowing({ store, self: identity, own, keyring, clock, onChange: deps.watched })
  const isFollowed = (root: Root): boolean => circle.followed().roots.has(root)
  const news = createNewsDesk({ store, own, clock, isFollowed })
  const pulse: Pulse = createPulse()
  const writer = { crypto, clock, voidPayload: deps.voidPayload }
  const states = createStateWriter({ store, self: identity, own, keyring, drafts, writer, assertMayWrite })
  const untilClosed = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, deps.signal])

  async function create({ phrase, profile, label = defaultLabel }: CreateAccountOptions = {}): Promise<Root> {
    return states.inTurn(async () => {
      assertMayWrite()
      if (own.root() !== null) {
        throw new EffigyError('has-account', 'This device belongs to an account already, or did.')
      }
      const words = keyring.phraseFor(phrase)
      const seed = await phraseSeed(words)
      const { root } = accountNames(seed, 0, crypto.sha256)
      const box = encodeBase64url(boxKey.publicKey)
      const main = await signMember(root, { identity, box, label, serial: 1 }, signer)
      const draft = { seed, main, at: clock.now(), ...(profile === undefined ? {} : { profile }) }
      const state = createAccount(draft, crypto.sha256)
      if (!state.ok) throw stateFault(state.error)
      // The key first: cut off here, the same words make the same key.
      await keyring.keep(secretOf(deriveSynodKey(seed, 0).secret, 0), words)
      await states.begin(state.value)
      following.update()
      pulse.fire()
      return root
    })
  }

  function known(other: Identity): KnownAccount | null {
    const root = store.synods?.accountOf(other) ?? null
    const authority = root === null ? null : (store.synods?.account(root) ?? null)
    if (authority === null) return null
    const devices = [...authority.standings].flatMap(([device, standing]) =>
      standing.type === 'member'
        ? [{ identity: device, label: standing.member[2], isNew: following.isNew(device) }]
        : [],
    )
    return { root: authority.root, identity: authority.identity, disputed: authority.disputed, devices }
  }

  const api: PeerAccount = {
    show: own.view,
    views: (signal) => liveAnswers(own.view, pulse, untilClosed(signal)),
    create,
    phrase: () => keyring.phrase,
    confirmPhrase() {
      keyring.wipePhrase()
      pulse.fire()
    },
    async set({ profile, labels = [] }) {
      if (profile !== undefined) await states.write((authority, at) => setProfile(authority, profile, at))
      for (const [device, label] of labels) {
        await states.write((authority, at) => setLabel(authority, device, label, at))
      }
    },
    changes: (signal) => news.listen(untilClosed(signal)),
    of: known,
  }

  return {
    api,
    own,
    circle,
    following,
    changed(change) {
      if ((change.synods?.size ?? 0) === 0) return
      following.changed(change)
      news.changed(change)
      pulse.fire()
    },
    idle: states.idle,
    [Symbol.dispose]: () => following[Symbol.dispose](),
  }
}
