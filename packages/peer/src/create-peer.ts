/**
 * Wires one peer together (peer.ts): authoring, network, status, background work.
 *
 * @module
 */
import { EffigyError, err, type Identity, identityOfKey } from '@effigy/core'
import { nobleScrypt } from '@effigy/crypto'
import { turnService } from '@effigy/sync'
import { loadServeDrops } from '#later'
import { openAccount } from './account/open-account.ts'
import { whereabouts } from './account/where.ts'
import { createAuthoring } from './authoring.ts'
import { startBackground } from './background.ts'
import { createBackup, createTakeBackup } from './backup/make-backup.ts'
import { deliveryOf } from './delivery.ts'
import { createDemands } from './demands.ts'
import { disputeOf } from './dispute.ts'
import { openDrops } from './drops/open-drops.ts'
import { createFileApi } from './file-api.ts'
import { givenUp } from './given-up.ts'
import { type OpenGroups, openGroups } from './groups/open-groups.ts'
import { createHops } from './hops.ts'
import { openInspecting } from './inspecting/open-inspecting.ts'
import { createWire } from './inspecting/wire.ts'
import { noteMet, noteSeen } from './instance.ts'
import { createArrivals } from './joining/arrivals.ts'
import { createJoining } from './joining/open-joining.ts'
import { keepVerifying } from './keep-verifying.ts'
import { keepServices } from './kept-services.ts'
import { createLabel } from './label.ts'
import { openLeases } from './leases/open-leases.ts'
import { createPulse, liveAnswers } from './live.ts'
import { startMaintenance } from './maintenance.ts'
import { createModeration } from './moderation.ts'
import { createNetwork, type Network } from './network.ts'
import { createNotices } from './notices/notices.ts'
import { ownDevices, ownReaders } from './own/devices.ts'
import { createDoubt } from './own/doubt.ts'
import { keepOpen } from './own/keep-open.ts'
import { createOwnState } from './own/state.ts'
import { createOwnTexts } from './own/texts.ts'
import { createOwnFeed } from './own-feed.ts'
import type { Peer, PeerDeps } from './peer.ts'
import { openPeople } from './people/open-people.ts'
import { createPermission } from './permission.ts'
import type { OpenConversations } from './private/conversations.ts'
import { groupPort } from './private/group-port.ts'
import { withoutHeldBack } from './private/held-back.ts'
import { createKnocks } from './private/knocks.ts'
import { openPrivate } from './private/open-private.ts'
import { openPrivateFeed } from './private-feed/open-private-feed.ts'
import { isPrivateFeed } from './private-feed/sealing.ts'
import { createReading } from './reading.ts'
import { openRecovery } from './recovery/open-recovery.ts'
import { watchRecovery } from './recovery.ts'
import { createRelate } from './relate.ts'
import { policyOf, wholeFeed } from './relations.ts'
import { isDoubtful } from './rescue.ts'
import { createSaving } from './saving.ts'
import { createStatus, trafficOf } from './status.ts'
import { createStatusApi } from './status-api.ts'
import { keepUp } from './surroundings/keep-up.ts'
import { answerMs, ownAnswerMs, timely } from './timely.ts'
import { createTurn } from './turn.ts'
import { createTurnedUp } from './turned-up.ts'
import { createWatchApi } from './watch-api.ts'
import { createWriter } from './writer.ts'

/** Ms after which a hub has judged the state that it was given: it checks signatures behind what it answers. */
const judgedMs = 5_000

/** Makes a peer of its parts; dispose it. The parts stay their maker's. Throws what the store throws. */
export async function createPeer(deps: PeerDeps): Promise<Peer> {
  const { services = {} } = deps
  const serveDrops = services.dropBox === undefined ? null : (await loadServeDrops()).serveDrops
  const { store, crypto, signer, boxKey, clock, random, log } = deps
  const identity = identityOfKey(signer.publicKey)
  const boxKeys = [boxKey, ...(deps.formerBoxKeys ?? [])]
  const stop = new AbortController()
  const pulse = createPulse()
  const statusPulse = createPulse()

  const voidPayload = (): string => JSON.stringify({ type: 'void', at: clock.now() })
  const drafts = {
    store,
    crypto,
    identity,
    random,
    now: clock.now,
    readers: () => ownReaders(store, identity, boxKey.publicKey),
  }
  let running: Network | null = null
  let groups: OpenGroups | null = null
  let correspondents: Pick<OpenConversations, 'accepted'> = { accepted: () => [] }
  let turnAway: (more: readonly Identity[]) => void = () => {}

  store.setSelf(identity)
  const account = await openAccount({
    ...deps,
    vault: deps.vault ?? null,
    identity,
    boxKey,
    drafts,
    voidPayload,
    assertMayWrite: () => permission.assertMayWrite(),
    mayWrite: () => permission.isWritable(),
    follow: (device) => relate('follow', device, true, policyOf(store, device)),
    written: () => writer.idle(),
    ended: () => writer.end(),
    isPrivate() {
      const { isPrivate, isPending } = privateFeed.api.status()
      return isPrivate || isPending
    },
    watched: (identities) => running?.refresh(identities),
    grouped: () => groups?.named() ?? [],
    accepted: () => correspondents.accepted(),
    blocked: (more) => turnAway(more),
    call: (...asked) => call(...asked),
    connected: () => Array.from(running?.served ?? [], ({ session }) => session.remote),
    sessions: statusPulse,
    told: pulse.fire,
    settled: (signal) => peer.settled(signal),
    giveTo: (feed) => running?.giveTo(feed) ?? (() => false),
    connect: (address) => peer.connect(address),
    dial: (...asked) => running?.dial(...asked) ?? deps.dial(...asked),
    hubs: () => running?.reach.hubs ?? [],
    shown: (isShown) => running?.reach.setOpen(isShown),
    given: (isMeant) => status.hasGiven(isMeant),
    signal: stop.signal,
  })
  const permission = createPermission({
    store,
    identity,
    continuity: deps.continuity ?? 'continued',
    status: () => status,
    assertOfAccount: account.assertMayWrite,
    changed: statusPulse.fire,
    signal: stop.signal,
  })
  const follow = account.following.update
  follow()
  if (store.rebuildPending) await store.rebuildViews({ signal: stop.signal })

  const saving = createSaving(deps.saving ?? 'none')
  const wire = createWire(clock)
  const demands = createDemands(store, random, saving)
  const network = createNetwork(deps, {
    identity,
    boxKey,
    circle: account.circle,
    demands,
    saving,
    former: {
      self: identity,
      wanted: () => givenUp(store),
      rescued: (...came) => turnedUp.rescued(...came),
    },
    changed: statusPulse.fire,
    delivered: pulse.fire,
    wire: wire.note,
    accept: (link) => void peer.accept(link),
    heard(remote) {
      noteMet(store)
      own.met(remote)
      drops.met(remote)
      knocks.due()
      leases.met(remote)
      privateFeed.met(remote)
      maintenance.heard()
    },
    iceServers: (...asked) => turn.iceServers(...asked),
    signal: stop.signal,
  })
  running = network
  // A closed hub may not have judged yet what the device before this one told it.
  const trying = boxKeys.length > 1 ? clock.after(judgedMs, () => network.retry('not-admitted')) : null
  const { connections, refresh } = network
  const turn = createTurn({
    clock,
    hubs: () => network.chosen(turnService),
    call: (...asked) => call(...asked),
    signal: stop.signal,
  })
  const surroundings = keepUp({
    ...{ clock, log, saving, surroundings: deps.surroundings },
    connections: () => connections.list,
    sessions: () => Array.from(network.served, ({ session }) => session),
    back() {
      network.announce()
      network.direct.api.retry()
    },
    woke: () => network.direct.woke(),
    changed() {
      network.announce()
      refresh([])
    },
  })

  const secret = openPrivate({
    ...{ store, crypto, identity, clock, log, random, ownKeys: drafts.readers, signal: stop.signal },
    keys: () => [...boxKeys, ...account.recoveryKeys],
    publish: (...asked) => authoring.publish(...asked),
    state: {
      value: (key) => state.value(key),
      values: (...asked) => store.deviceValues(...asked),
      set: (changes) => state.set(changes),
    },
    judged: () => related(),
  })
  const { opening } = secret
  correspondents = secret.conversations
  const others = {
    connected: () => Array.from(network.served, ({ session }) => session.remote),
    call: (...asked: Parameters<Peer['call']>) => call(...asked),
  }
  groups = openGroups({
    ...{ store, crypto, self: identity, clock, random, log, opening, signal: stop.signal },
    ownKeys: drafts.readers,
    publish: (...payload) => authoring.publish(...payload),
    isConnected: () => Array.from(network.served).length > 0,
    settled: (signal) => peer.settled(signal),
    accepted: secret.conversations.accepted,
    namedChanged: follow,
    isMain: () => (account.own.role() ?? 'main') === 'main',
  })
  secret.conversations.setGroups(groupPort(groups, clock.now))
  const doubt = createDoubt(store, identity)
  const own = keepOpen({
    ...{ store, identity, opening, doubt, clock, log, signal: stop.signal, ...others },
    call: timely(others.call, ownAnswerMs, clock),
  })
  await own.now()
  follow()

  const drops = openDrops({
    ...{ store, crypto, signer, identity, clock, random, log, signal: stop.signal },
    ...{ own: account.own, circle: account.circle },
    keys: () => [...boxKeys, ...account.recoveryKeys],
    boxes: () => network.providers('dropbox'),
    isBox: (other) => network.isProvider('dropbox', other),
    isConnected: (other) => connections.session(other) !== null,
    call: (...asked) => call(...asked),
    dial: (address) => peer.connect(address, { chosen: false }),
  })
  const knocks = createKnocks({
    ...{ store, self: identity, sha256: crypto.sha256, drops, clock, log, signal: stop.signal },
    state: { value: (key) => state.value(key), set: (changes) => state.set(changes) },
    ignored: () => secret.conversations.api.ignored(),
    onChange: pulse.fire,
  })
  secret.conversations.setKnocks(knocks)
  const leases = openLeases({
    ...{ store, crypto, identity, clock, random, log, signal: stop.signal },
    isOwn: account.own.isSibling,
    state: () => state,
    holders: () => network.providers('datalease'),
    isHolder: (other) => network.isProvider('datalease', other),
    call: (...asked) => call(...asked),
    isSaving: () => saving.mode !== 'none' || saving.isResting,
    onChange: pulse.fire,
  })

  const { registry } = network
  const kept = keepServices(services, { ...deps, identity, registry, refresh, serveDrops })
  turnAway = (more) => {
    for (const other of more) kept.end(other)
    network.turnAway(more)
  }
  registry.serve(account.service)
  registry.serve(createOwnTexts(store, () => ownDevices(store, identity), doubt.tellersOf))
  const hops = createHops({ store, self: identity, clock, log, onChange: refresh })

  const people = openPeople({
    ...{ store, self: identity, clock, sha256: crypto.sha256, refresh, signal: stop.signal },
    state: { set: (changes) => state.set(changes) },
    isConnected: () => Array.from(network.served).length > 0,
    sessions: statusPulse,
    settled: (signal) => peer.settled(signal),
    sweep: () => maintenance.sweep(),
  })

  // Background -----------------------------------------------------------------

  const background = startBackground(store, {
    clock,
    log,
    changed: () => statusPulse.fire(),
    found: () => pulse.fire(),
  })
  const recovery =
    (deps.continuity !== undefined && deps.continuity !== 'continued') || isDoubtful(store)
      ? watchRecovery({
          store,
          identity,
          clock,
          open: own.now,
          rescue: () => ownFeed.rescue(),
          follow,
          onChange: refresh,
        })
      : null
  const watching = store.watch((change) => {
    const { views, feeds } = change
    hops.changed(change)
    account.changed(change)
    people.changed(change)
    recovery?.changed(change)
    own.changed(change)
    drops.changed(change)
    knocks.changed(change)
    privateFeed.changed(change)
    secret.changed(change)
    groups?.changed(change)
    kept.changed(feeds)
    if (views) network.viewsChanged()
    if (feeds.has(identity)) network.published()
    pulse.fire()
    statusPulse.fire()
    background.wake(views)
  })
  const verify = deps.verify ?? crypto.verify
  const onProgress = statusPulse.fire
  const checking = keepVerifying(
    {
      store,
      verify,
      ...(deps.verifyEntries === undefined ? {} : { verifyEntries: deps.verifyEntries }),
      rests: deps.verifyRests ?? false,
      clock,
      log,
      onProgress,
    },
    stop.signal,
  )
  const maintenance = startMaintenance({
    store,
    clock,
    log,
    isHeard: network.isHeard,
    seen: () => noteSeen(store, clock.now()),
    clear: () => [kept.clear(), drops.clear()].includes(true),
  })
  const tidying = store.watch(maintenance.changed)

  // Writing --------------------------------------------------------------------

  const { isWritable, assertMayWrite, assertMayRewrite } = permission
  const status = createStatus(identity, {
    ...{ store, network, clock, search: background, mayWrite: isWritable, isBusy: account.isBusy },
  })
  const { own: membership, assertMaySign } = account
  const { reference } = membership
  const writer = createWriter({
    ...{ store, crypto, signer, identity, clock, reference, voidPayload },
    assertMaySign,
    assertMayBegin: account.assertMayWrite,
  })
  const authoring = createAuthoring({
    store,
    identity,
    clock,
    writer,
    drafts: { ...drafts, isPrivate: () => isPrivateFeed(store, identity) },
    sayAgain: secret.conversations.sayAgain,
    assertMayWrite,
    assertMayRewrite,
    devices: () => ownDevices(store, identity),
  })

  const state = createOwnState({
    store,
    clock,
    publish: (payload, above) => authoring.publish(payload, { above }),
  })

  const reading = createReading({ store, state, clock, log, changed: pulse.fire })

  const custody = openRecovery({
    ...{ ...deps, identity, boxKey, account, state, assertMayWrite, refresh, ...others },
    ...{ drops: drops.api, opening, pulse },
    publishSealed: async (text) => {
      assertMayWrite()
      await writer.append({ payload: text, links: [], body: null, above: 0 })
    },
    sessions: statusPulse,
    settled: (signal) => peer.settled(signal),
    signal: stop.signal,
  })
  if (deps.kind !== 'hub') registry.serve(custody.service)

  const privateFeed = openPrivateFeed({
    ...{ store, crypto, signer, identity, clock, random, log, writer, isWritable, assertMayRewrite },
    secrets: () => [...boxKeys, ...account.recoveryKeys],
    ownKeys: drafts.readers,
    isSibling: membership.isSibling,
    providers: () => network.allProviders('feedkeys'),
    trusted: () => network.providers('feedkeys'),
    call: timely(others.call, answerMs, clock),
    announce: network.announce,
    rewritten,
    carries: deps.kind === 'hub',
    signal: stop.signal,
  })
  registry.serve(privateFeed.service)
  opening.on('read_key', privateFeed.opened)

  function related(): void {
    follow()
    hops.update()
    refresh()
  }

  const relate = createRelate({
    store,
    self: identity,
    account,
    publish: authoring.publish,
    now: clock.now,
    changed: related,
  })

  const arrivals = createArrivals({
    ...{ identity, sha256: crypto.sha256, clock, state, drops: drops.api },
    isFollowed: (device) => store.persons(identity, 'follow').identities.has(device),
    follow: (device) => relate('follow', device, true, wholeFeed),
  })

  const label = createLabel({ store, self: identity, publish: authoring.publish, now: clock.now })

  const call: Peer['call'] = async (other, service, method, value, options) => {
    // Until then it may be that the other side has another session with us, and takes nothing in this one.
    const session = await connections.taken(other, options.signal)
    for (const served of network.served) {
      if (served.session === session) return served.services.call(service, method, value, options)
    }
    return err({ code: 'not-connected', retryMs: null })
  }

  const turnedUp = createTurnedUp({
    store,
    crypto,
    identity,
    log,
    writer,
    mayWrite: isWritable,
    after: async () => {
      await own.now()
      related()
    },
  })

  async function rewritten(): Promise<void> {
    await own.now()
    follow()
    refresh()
  }

  const ownFeed = createOwnFeed({
    ...{ store, identity, sha256: crypto.sha256, log, writer, authoring, permission, related, rewritten },
  })

  async function close(): Promise<void> {
    trying?.[Symbol.dispose]()
    maintenance.seen()
    stop.abort(new EffigyError('closed', 'This peer is closed.'))
    watching[Symbol.dispose]()
    recovery?.[Symbol.dispose]()
    reading[Symbol.dispose]()
    surroundings[Symbol.dispose]()
    own[Symbol.dispose]()
    secret[Symbol.dispose]()
    groups?.[Symbol.dispose]()
    background[Symbol.dispose]()
    hops[Symbol.dispose]()
    leases[Symbol.dispose]()
    privateFeed[Symbol.dispose]()
    account[Symbol.dispose]()
    tidying[Symbol.dispose]()
    maintenance[Symbol.dispose]()
    await connections.close()
    // Nobody is there any more to be told that it is over.
    kept[Symbol.dispose]()
    network.ledger[Symbol.dispose]()
    await Promise.all([
      checking,
      opening.idle(),
      turnedUp.idle(),
      drops.idle(),
      knocks.idle(),
      leases.idle(),
      network.meeting.idle(),
      network.direct.close(),
      writer.idle(),
      account.idle(),
      privateFeed.idle(),
      custody.idle(),
    ])
  }
  let closing: Promise<void> | null = null

  const untilStop = <Options extends { readonly signal: AbortSignal }>(options: Options): Options => ({
    ...options,
    signal: AbortSignal.any([options.signal, stop.signal]),
  })

  const peer: Peer = {
    identity,
    query: withoutHeldBack(store, secret.conversations.heldBack),
    store,
    account: account.api,
    conversations: secret.conversations.api,
    groups: groups.api,
    people: people.api,
    backup: createBackup({
      scrypt: nobleScrypt,
      ...deps,
      self: identity,
      own: account.own,
      groups: groups.api,
      signal: stop.signal,
    }),
    takeBackup: createTakeBackup({ scrypt: nobleScrypt, ...deps, self: identity, signal: stop.signal }),
    whereabouts: () => whereabouts(peer),
    recovery: custody.api,
    drops: drops.api,
    leases: leases.api,
    turn,
    direct: network.direct.api,
    kept: kept.api,
    presence: network.meeting.presence,
    signals: network.meeting.signals,
    privateFeed: privateFeed.api,
    moderation: createModeration(call),
    joining: createJoining({
      ...{ store, crypto, signer, identity, clock, random, network, call, signal: stop.signal },
      fetchAlias: deps.fetchAlias,
      account: account.api,
      arrivals,
      connect: (address) => peer.connect(address, { chosen: false }),
      settled: (signal) => peer.settled(signal),
    }),
    ...authoring,
    state,
    notices: createNotices(store, identity, state, secret.conversations.heldBack),
    reading: reading.api,
    inspecting: openInspecting({ ...{ store, self: identity, crypto, wire }, signal: stop.signal }),
    delivery: (limit) => deliveryOf({ store, self: identity, network }, limit),
    remove: ownFeed.remove,
    relate,
    label,
    writeAnyway: permission.writeAnyway,
    dispute: () => disputeOf(store, identity),
    heal: ownFeed.heal,
    ...createFileApi({ store, crypto, clock, demands, pulse: statusPulse, refresh, untilStop }),
    ...createWatchApi({
      ...{
        store,
        self: identity,
        following: account.following,
        hops,
        pulse: statusPulse,
        refresh,
        untilStop,
      },
      sweep: maintenance.sweep,
    }),
    ...createStatusApi({ status, pulse: statusPulse, clock, signal: stop.signal }),

    get saving() {
      return saving.mode
    },
    surroundings: surroundings.api,
    setSaving(mode) {
      saving.set(mode)
      network.announce()
      refresh([])
    },

    live: (ask, signal) => liveAnswers(() => ask(store), pulse, AbortSignal.any([signal, stop.signal])),

    connect: (address, { expect = null, chosen = true } = {}) => connections.connect(address, expect, chosen),
    accept: (link) => account.accept(link, connections.accept),
    disconnect: (code, other) => connections.disconnect(code, other ?? null),
    serve: network.registry.serve,
    call,
    turnAway(more) {
      network.viewsChanged()
      turnAway(more)
      refresh()
    },
    traffic: () => trafficOf(network.served, clock),
    grant: (other, bytes) => network.ledger.grant(other, bytes),
    balance: (other) => network.ledger.account(other),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  }
  account.start()
  privateFeed.start()
  custody.start()
  return peer
}
