/**
 * Invites and aliases of one peer (`PeerJoining`, spec W): over calls of its hubs, sessions of their own, and look-ups.
 *
 * @module
 */
import {
  type Alias,
  EffigyError,
  err,
  type Identity,
  type InviteCode,
  inviteCheck,
  inviteTokenBytes,
  inviteTokenName,
  type JsonObject,
  ok,
  parseAlias,
  type RandomBytes,
  type Result,
  type Root,
  type Signer,
  writeAlias,
  writeInviteBody,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import { type Clock, joinHub, type ServiceRefusal } from '@effigy/sync'
import type { PeerAccount } from '../account/account.ts'
import { newestStates } from '../account/ask-around.ts'
import type { Network } from '../network.ts'
import type { Connection, Peer } from '../peer.ts'
import { wholeFeed } from '../relations.ts'
import type { Arrivals } from './arrivals.ts'
import { type AliasWord, askAlias } from './ask-alias.ts'
import type {
  AliasFault,
  FetchAlias,
  HeldInvite,
  InviteOptions,
  MadeInvite,
  PeerJoining,
  ResolvedAlias,
} from './joining.ts'
import { lookUntil } from './look-until.ts'
import { createVouching, signedInvite } from './vouching.ts'

export interface JoiningPorts {
  readonly store: Store
  readonly crypto: Pick<Crypto, 'verify' | 'sha256'>
  readonly signer: Signer
  readonly identity: Identity
  readonly clock: Clock
  readonly random: RandomBytes
  readonly fetchAlias: FetchAlias | undefined
  readonly account: Pick<PeerAccount, 'show' | 'of'>
  readonly arrivals: Arrivals
  readonly network: Pick<Network, 'dial' | 'open' | 'served' | 'refresh' | 'seek'>
  readonly call: Peer['call']
  readonly connect: (address: string) => Connection
  readonly settled: Peer['settled']
  readonly signal: AbortSignal
}

const weekMs: number = 7 * 24 * 60 * 60 * 1000

const badAnswer = err<ServiceRefusal>({ code: 'bad-answer', retryMs: null })

export function createJoining(ports: JoiningPorts): PeerJoining {
  const { store, crypto, signer, identity, clock, account, network } = ports
  const until = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, ports.signal])

  async function ask(
    hub: Identity,
    service: 'invites' | 'aliases',
    method: string,
    value: JsonObject,
    signal: AbortSignal,
  ): Promise<Result<JsonObject, ServiceRefusal>> {
    const answer = await ports.call(hub, service, method, value, { signal: until(signal) })
    return answer.ok ? ok(answer.value.value) : answer
  }

  async function done(
    asked: Promise<Result<JsonObject, ServiceRefusal>>,
  ): Promise<Result<null, ServiceRefusal>> {
    const answer = await asked
    return answer.ok ? ok(null) : answer
  }

  async function join(invite: InviteCode, signal: AbortSignal): Promise<Result<null, ServiceRefusal>> {
    const [isSigned] = await crypto.verify([inviteCheck(invite)])
    if (isSigned !== true) return err({ code: 'invite-altered', retryMs: null })
    const body = writeInviteBody(invite)
    for (const { session, services } of network.served) {
      if (session.remote === invite.hub) return services.join(body, signal)
    }
    try {
      const link = await network.dial(invite.url, signal)
      return await joinHub(await network.open(link, 'dialler', invite.hub, signal), body, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof EffigyError) return err({ code: error.code, retryMs: null })
      throw error
    }
  }

  async function invite(
    hub: Identity,
    { url, count = 1, lastsMs = weekMs, followsBack = count === 1, signal }: InviteOptions,
  ): Promise<Result<MadeInvite, ServiceRefusal>> {
    const token = ports.random(inviteTokenBytes)
    const name = inviteTokenName(token, crypto.sha256)
    const asked = { token: name, until: clock.now() + lastsMs, count }
    const granted = await ask(hub, 'invites', 'create', asked, signal)
    if (!granted.ok) return granted
    const { until: given, count: uses } = granted.value
    if (!isWhole(given) || !isWhole(uses) || uses < 1 || uses > count || given > asked.until) return badAnswer
    const own = account.show()
    const made = await signedInvite(
      {
        from: identity,
        name: ownName(),
        account: own === null ? null : { synod: own.identity, root: own.root },
        ...{ hub, url, token, until: given, count: uses },
      },
      { signer, sha256: crypto.sha256 },
    )
    if (made === null) return badAnswer
    // Before anybody can have the link.
    if (followsBack) await ports.arrivals.expect(name, { until: given, count: uses })
    return ok(made)
  }

  function ownName(): string {
    const state = store.profile(identity)?.state
    const profile = state?.type === 'shown' ? state.payload : null
    return profile?.type === 'identification' ? profile.name : ''
  }

  async function findAccount(
    { synod, root }: { readonly synod: Identity; readonly root: Root },
    hub: Identity | null,
    signal: AbortSignal,
  ): Promise<Identity | null> {
    using _watched = watch([synod], newestStates, hub)
    const known = (): Identity | null => {
      const found = account.of(synod)
      return found?.root === root ? found.identity : null
    }
    await lookUntil(() => known() !== null, [synod], { ...ports, refresh: network.refresh, signal })
    return known()
  }

  /** Whether the account itself goes by that name (W21). */
  async function goesBy(who: Identity, alias: string, hub: Identity, signal: AbortSignal): Promise<boolean> {
    const root = account.of(who)?.root ?? null
    const standings = root === null ? null : store.synods?.account(root)?.standings
    const devices = [...(standings ?? [])].flatMap(([device, { type }]) =>
      type === 'member' ? [device] : [],
    )
    using _watched = watch(devices, { ...wholeFeed, blobs: { type: 'none' } }, hub)
    const says = (): boolean => {
      const state = store.profile(who)?.state
      const profile = state?.type === 'shown' ? state.payload : null
      return profile?.type === 'identification' && profile.aliases?.includes(alias) === true
    }
    await lookUntil(says, devices, { ...ports, refresh: network.refresh, signal })
    return says()
  }

  /** For as long as it is not disposed, those that are not watched anyway; a hub that was not chosen hears of no others. */
  function watch(
    identities: readonly Identity[],
    policy: typeof wholeFeed,
    hub: Identity | null,
  ): Disposable {
    const seeking = hub === null ? null : network.seek(hub, identities)
    const fresh = identities.filter((each) => each !== identity && store.feed(each)?.watched !== true)
    for (const each of fresh) store.watchFeed(each, policy)
    const wanted = JSON.stringify(policy)
    return {
      [Symbol.dispose]() {
        seeking?.[Symbol.dispose]()
        // Whoever began to want it meanwhile said how.
        for (const each of fresh) {
          if (JSON.stringify(store.feed(each)?.policy) === wanted) store.watchFeed(each, null)
        }
        network.refresh(fresh)
      },
    }
  }

  async function resolveAlias(text: string, signal: AbortSignal): Promise<Result<ResolvedAlias, AliasFault>> {
    const alias = parseAlias(text)
    const { fetchAlias } = ports
    if (alias === null || fetchAlias === undefined) return err({ code: 'alias-invalid' })
    const word = await askAlias(alias, { fetchAlias, verify: crypto.verify, clock }, signal)
    return word.ok ? confirm(alias, word.value, signal) : word
  }

  /** The hub's word is a hint: asks the hub, and whoever else is connected, what the account says. */
  async function confirm(
    alias: Alias,
    { claim, address }: AliasWord,
    signal: AbortSignal,
  ): Promise<Result<ResolvedAlias, AliasFault>> {
    const { hub, root } = claim
    const isThere = Array.from(network.served).some(({ session }) => session.remote === hub)
    await using connection = isThere ? null : ports.connect(address)
    // A hub that takes no strangers keeps us from its feeds; others may have them.
    await connection?.ready(signal).catch(() => signal.throwIfAborted())
    const found = await findAccount(claim, hub, signal)
    if (found === null)
      return err({ code: account.of(claim.synod) === null ? 'alias-no-account' : 'alias-denied' })
    if (!(await goesBy(found, writeAlias(alias), hub, signal))) return err({ code: 'alias-denied' })
    return ok({ alias: writeAlias(alias), identity: found, root, hub, address })
  }

  return {
    ...createVouching({ identity, signer, crypto, clock, random: ports.random }),
    join: (code, { signal }) => join(code, until(signal)),
    greet: (code, inviter, { signal }) => ports.arrivals.greet(code, inviter, until(signal)),
    invite,
    async invites(hub, signal) {
      const answer = await ask(hub, 'invites', 'list', {}, signal)
      if (!answer.ok) return answer
      const { invites } = answer.value
      const held = Array.isArray(invites) ? invites.map(heldInvite) : [null]
      return held.every((each) => each !== null) ? ok(held) : badAnswer
    },
    async revoke(hub, token, signal) {
      const revoked = await done(ask(hub, 'invites', 'revoke', { token }, signal))
      // Whatever the hub says: who has the link is nobody to be followed.
      await ports.arrivals.forget(token)
      return revoked
    },
    claimAlias: (hub, name, signal) => done(ask(hub, 'aliases', 'claim', { name }, signal)),
    releaseAlias: (hub, name, signal) => done(ask(hub, 'aliases', 'release', { name }, signal)),
    async aliases(hub, signal) {
      const answer = await ask(hub, 'aliases', 'list', {}, signal)
      if (!answer.ok) return answer
      const { names } = answer.value
      const isList = Array.isArray(names) && names.every((name) => typeof name === 'string')
      return isList ? ok(names as readonly string[]) : badAnswer
    },
    resolveAlias: (text, { signal }) => resolveAlias(text, until(signal)),
    findAccount: (which, { signal }) => findAccount(which, null, until(signal)),
  }
}

function heldInvite(value: unknown): HeldInvite | null {
  if (typeof value !== 'object' || value === null) return null
  const { token, until, count, used, revoked } = value as Record<string, unknown>
  if (typeof token !== 'string' || !isWhole(until) || !isWhole(count) || !isWhole(used)) return null
  return typeof revoked === 'boolean' ? { token, until, count, used, revoked } : null
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
