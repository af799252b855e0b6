/**
 * Puts the parts of `peer.account` together (account.ts).
 *
 *     vault ─▶ keyring ─┐                       ┌─▶ circle (trust, blocks) ─▶ network
 *     store.synods ─▶ own account ─▶ state writer, following, news
 *
 * @module
 */
import {
  type Account,
  type CodePlace,
  EffigyError,
  type Final,
  type FinalChoice,
  finalOfHead,
  grantLeave,
  type HeadRecord,
  type Identity,
  type RandomBytes,
  type Root,
  revoke,
  type Signer,
  setLabel,
  setProfile,
} from '@effigy/core'
import type { AccountVault, AgreementKey, Crypto } from '@effigy/crypto'
import type { Store, StoreChange } from '@effigy/store'
import {
  type Clock,
  defaultSessionLimits,
  type Log,
  publicNetworkKey,
  type Service,
  type SessionLimits,
} from '@effigy/sync'
import { loadMove } from '#later'
import { createPulse, liveAnswers, type Pulse } from '../live.ts'
import type { Peer, PeerDeps } from '../peer.ts'
import type { DraftDeps } from '../publish.ts'
import type { KnownAccount, LossTime, PeerAccount } from './account.ts'
import { createNewsDesk } from './account-news.ts'
import { createAccountService } from './account-service.ts'
import { createAdmitting } from './admit.ts'
import { type Circle, createCircle } from './circle.ts'
import { createFirstState, defaultLabel } from './create.ts'
import { createFollowing, type Following, type FollowingDeps } from './following.ts'
import { createHanding } from './hand-over.ts'
import { historyNow, historyOf } from './history.ts'
import { openKeyring } from './keyring.ts'
import { leaveAccount } from './leave.ts'
import { createLinking, type Linking } from './linking.ts'
import { createNaming } from './naming.ts'
import { type OwnAccount, openOwnAccount } from './own-account.ts'
import { pinByOwnWord } from './own-word.ts'
import { createPhraseCheck } from './phrase-check.ts'
import { openRecoveryKeys } from './recovery-key.ts'
import { renewSelf, untilHeard } from './renew.ts'
import { createRequests } from './requests.ts'
import { createSightings } from './sightings.ts'
import { stateFault } from './state-fault.ts'
import { assertMain, createStateWriter } from './state-writer.ts'

export interface AccountDeps {
  readonly store: Store
  readonly crypto: Crypto
  readonly signer: Signer
  readonly identity: Identity
  readonly boxKey: AgreementKey
  readonly formerBoxKeys?: readonly AgreementKey[]
  readonly vault: AccountVault | null
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly drafts: DraftDeps
  readonly voidPayload: () => string
  /** Throws an `EffigyError` when nothing may be written now. */
  readonly assertMayWrite: () => void
  /** Whether this device may write now. */
  readonly mayWrite: () => boolean
  /** Says that one follows the account of a device, as much of it as was wanted of the device. */
  readonly follow: (device: Identity) => Promise<unknown>
  /** Whether this device's feed is sealed, or is to be. */
  readonly isPrivate: () => boolean
  /** Where this device's feed ends when nothing is being written any more; null: it never wrote. */
  readonly ended: () => Promise<HeadRecord | null>
  /** Resolves when this device writes nothing. */
  readonly written: () => Promise<void>
  /** All in groups with this person. */
  readonly grouped: FollowingDeps['grouped']
  /** Strangers whose messages are wanted. */
  readonly accepted: () => readonly Account[]
  /** These are watched now, or no longer. */
  readonly watched: (identities: readonly Identity[]) => void
  /** Others are blocked than before; these were not. */
  readonly blocked: (more: readonly Identity[]) => void
  readonly call: Peer['call']
  /** Resolves when everybody who is connected has given all that they have. */
  readonly settled: (signal: AbortSignal) => Promise<unknown>
  /** Who is connected. */
  readonly connected: () => readonly Identity[]
  /** Whether somebody of these is connected, and has given all that they have. */
  readonly given: (isMeant: (identity: Identity) => boolean) => boolean
  readonly dial: PeerDeps['dial']
  readonly networkKey?: Uint8Array
  readonly limits?: Partial<SessionLimits>
  /** Asks the hubs that a person chose whether they have all of that feed; true while one of them may say so still. */
  readonly giveTo: (feed: Identity) => () => boolean
  /** Stays connected to that address. */
  readonly connect: (address: string) => unknown
  /** Hubs through which this device can be reached: identity and address. */
  readonly hubs: () => readonly CodePlace[]
  /** Whoever names this device may reach it through those hubs. */
  readonly shown: (isShown: boolean) => void
  /** Fires when sessions come and go. */
  readonly sessions: Pulse
  /** What is said of the account may be something else, though nothing was written: answers are asked for again. */
  readonly told: () => void
  /** The peer is closed. */
  readonly signal: AbortSignal
}

export interface OpenAccount extends Disposable {
  readonly api: PeerAccount
  readonly own: OwnAccount
  readonly circle: Circle
  readonly following: Following
  /** Of accounts whose words were typed here since the start: what was sealed to them is read again. */
  readonly recoveryKeys: readonly AgreementKey[]
  /** Takes a link that somebody opened: for pairing while a code is shown, else it goes to `otherwise`. */
  readonly accept: Linking['accept']
  /** What this device answers to others of its account. */
  readonly service: Service
  /** Throws `EffigyError` 'revoked', 'leaving': this device has said its last; 'disputed': nobody knows whether it has. */
  assertMayWrite(): void
  /** Throws `EffigyError` 'revoked', 'disputed': what this device signs from now on is taken by nobody. */
  assertMaySign(): void
  /** Others can be asked from now on: goes on with what was cut off. */
  start(): void
  /** For each commit. */
  changed(change: StoreChange): void
  /** The account of somebody who is followed as one device is about to be looked for, or followed. */
  isBusy(): boolean
  /** Resolves when nothing is being written. */
  idle(): Promise<void>
}

export async function openAccount(deps: AccountDeps): Promise<OpenAccount> {
  const { store, crypto, identity, clock, drafts, call, sessions, assertMayWrite } = deps
  const keyring = await openKeyring(deps.vault, crypto, deps.random)
  const own = openOwnAccount(store, identity, keyring)
  pinByOwnWord(store, identity, keyring)
  const circle = createCircle(store, identity, own)
  const naming = createNaming({
    ...{ store, self: identity, own, clock, log: deps.log, follow: deps.follow },
    mayWrite: deps.mayWrite,
    update: () => following.update(),
    rested: sessions.fire,
  })
  const following: Following = createFollowing({
    ...{ store, self: identity, own, keyring, clock, naming },
    grouped: deps.grouped,
    accepted: deps.accepted,
    onChange: deps.watched,
    onBlocked: deps.blocked,
  })
  const isFollowed = (root: Root): boolean => circle.followed().roots.has(root)
  const news = createNewsDesk({ store, own, clock, isFollowed })
  const pulse: Pulse = createPulse()
  const tell = (): void => {
    pulse.fire()
    deps.told()
  }
  const phraseCheck = createPhraseCheck(keyring, deps.random)
  const writer = { crypto, clock, voidPayload: deps.voidPayload }
  const states = createStateWriter({ store, self: identity, own, keyring, drafts, writer, assertMayWrite })
  const requests = createRequests()
  const sightings = createSightings({ store, clock, self: identity, own })
  const changed = (): void => {
    following.update()
    tell()
  }
  const asking = { call, sessions, clock }
  const { log, signal: closed } = deps
  const handing = createHanding({
    ...asking,
    self: identity,
    own,
    keyring,
    states,
    crypto,
    log,
    changed,
    signal: closed,
  })
  const admitting = createAdmitting({ ...asking, store, verify: crypto.verify, own, states, signal: closed })
  const linking = createLinking({
    ...deps,
    networkKey: deps.networkKey ?? publicNetworkKey(crypto.sha256),
    sessionLimits: { ...defaultSessionLimits, ...deps.limits },
    keyring,
    admitting,
    box: deps.boxKey.publicKey,
    joined: changed,
  })
  const recoveryKeys = await openRecoveryKeys({
    ...{ store, crypto, identity, boxKey: deps.boxKey, formerBoxKeys: deps.formerBoxKeys ?? [], clock },
    isWhole() {
      const { done, total } = historyNow({ store, self: identity, own })
      return done === total && [...store.unverified(1)].length === 0
    },
  })
  let leaving = 0
  const untilClosed = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, deps.signal])

  async function choose(device: Identity, lostAt: LossTime, isAsked = own.isSibling): Promise<FinalChoice> {
    const { finalFor } = await loadMove()
    const connected = (): readonly Identity[] => deps.connected().filter(isAsked)
    return finalFor(device, lostAt, { ...deps, sightings, verify: crypto.verify, connected })
  }

  async function seenBy(device: Identity, lostAt: LossTime, isAsked = own.isSibling): Promise<Final> {
    const { own: head } = await choose(device, lostAt, isAsked)
    if (head !== null) return finalOfHead(head)
    throw noSighting()
  }

  const isFrozen = (device: Identity): boolean => own.authority()?.standings.get(device)?.type === 'frozen'

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

  function stopWriting(): Disposable {
    leaving++
    return { [Symbol.dispose]: () => void leaving-- }
  }

  function assertMaySign(): void {
    const role = own.role()
    if (role === 'frozen' && own.authority()?.disputed === true) throw stateFault({ code: 'disputed' })
    if (role === 'revoked' || role === 'frozen') throw revoked()
  }

  const api: PeerAccount = {
    show: own.view,
    views: (signal) => liveAnswers(own.view, pulse, untilClosed(signal)),
    async create(options = {}) {
      const root = await createFirstState(options, { ...deps, own, keyring, states })
      changed()
      return root
    },
    showLink: (options = {}) => linking.show(options),
    readLink: (text, options = {}) => linking.read(text, options),
    history: (signal) =>
      historyOf(
        { store, self: identity, own, clock, pulse: sessions, isSettled: () => deps.given(own.isSibling) },
        untilClosed(signal),
      ),
    phrase: () => keyring.phrase,
    phraseQuestion: phraseCheck.question,
    async confirmPhrase(words) {
      await phraseCheck.answer(words)
      tell()
    },
    async set({ profile, labels = [] }) {
      if (profile !== undefined) await states.write((authority, at) => setProfile(authority, profile, at))
      for (const [device, label] of labels) {
        await states.write((authority, at) => setLabel(authority, device, label, at))
      }
    },
    requests: (signal) => requests.live(untilClosed(signal)),
    grant: requests.grant,
    deny: requests.deny,
    finalFor: choose,
    async revoke(device, how) {
      assertMain({ own, keyring, self: identity })
      if ('lostAt' in how && how.lostAt === 'now') {
        const { own: head } = await choose(device, how.lostAt)
        const last = head === null ? null : finalOfHead(head)
        // It has no end already: that nothing is known changes nothing.
        if (last === null && isFrozen(device)) throw noSighting()
        await states.write((authority, at) => grantLeave(authority, device, last, at))
        return last
      }
      const final = 'final' in how ? how.final : await seenBy(device, how.lostAt)
      await states.write((authority, at) => revoke(authority, device, final, at))
      return final
    },
    async move(options) {
      const find = { refresh: deps.watched, settled: deps.settled }
      const ports = { ...deps, ...find, own, keyring, states, seenBy, recovered: recoveryKeys.keep }
      try {
        const { moveHere } = await loadMove()
        return await moveHere({ label: defaultLabel, ...options, signal: untilClosed(options.signal) }, ports)
      } finally {
        // What was watched to find it stays only when it is ours.
        following.tidy()
        tell()
      }
    },
    async leave({ signal }) {
      using _stopped = stopWriting()
      const ports = { ...asking, store, self: identity, own, idle: deps.written, changes: pulse }
      await leaveAccount(ports, untilClosed(signal))
    },
    handOver: (device, { signal }) => handing.to(device, untilClosed(signal)),
    async renew(join) {
      const { ended, isPrivate } = deps
      await renewSelf(join, { self: identity, states, stopWriting, ended, isPrivate })
      changed()
      const feed = own.authority()?.identity
      if (feed !== undefined) await untilHeard(deps.giveTo(feed), sessions, clock, closed)
    },
    async given({ signal }) {
      const feed = own.authority()?.identity
      if (feed === undefined) return true
      try {
        return await untilHeard(deps.giveTo(feed), sessions, clock, untilClosed(signal))
      } finally {
        // They are asked about what this device writes again.
        deps.giveTo(identity)
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
    recoveryKeys: recoveryKeys.all,
    accept: linking.accept,
    service: createAccountService({
      admitting,
      store,
      verify: crypto.verify,
      clock,
      own,
      requests,
      sightings,
      take: handing.take,
      letGo: (device, final) => states.write((authority, at) => grantLeave(authority, device, final, at)),
    }),
    assertMaySign,
    assertMayWrite() {
      assertMaySign()
      if (leaving > 0)
        throw new EffigyError('leaving', 'This device is leaving its account: it says no more.')
    },
    changed(change) {
      const { synods, feeds } = change
      if ((synods?.size ?? 0) > 0 || feeds.has(identity)) pinByOwnWord(store, identity, keyring)
      sightings.changed(change)
      following.changed(change)
      naming.changed(change)
      if ((change.synods?.size ?? 0) === 0) return
      news.changed(change)
      handing.resume()
      tell()
    },
    start() {
      sightings.start()
      handing.resume()
      naming.start()
    },
    isBusy: () => naming.isBusy,
    idle: states.idle,
    [Symbol.dispose]() {
      linking[Symbol.dispose]()
      naming[Symbol.dispose]()
      following[Symbol.dispose]()
      sightings[Symbol.dispose]()
      recoveryKeys[Symbol.dispose]()
    },
  }
}

function noSighting(): EffigyError {
  const message = 'None of your devices saw that one by then. Choose yourself where its feed ends.'
  return new EffigyError('no-sighting', message)
}

function revoked(): EffigyError {
  const message =
    'This device was taken out of its account, so nobody would take what it writes. Make a new home to go on.'
  return new EffigyError('revoked', message)
}
