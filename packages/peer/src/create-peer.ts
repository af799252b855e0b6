/**
 * Wires one peer together (peer.ts): authoring, network, status, background work.
 *
 * @module
 */
import {
  EffigyError,
  err,
  type HeadRecord,
  type Identity,
  identityOfKey,
  type RawCid,
  type SignedEntry,
} from '@effigy/core'
import type { RelationKind, WatchPolicy } from '@effigy/store'
import { createAuthoring } from './authoring.ts'
import { startBackground } from './background.ts'
import { browse, fetchPath } from './browse.ts'
import { createDemands, pinHold } from './demands.ts'
import { listAt, storeDirectory } from './directories.ts'
import { fileBytes, storeFile, waitForBlob } from './files.ts'
import { disputeOf } from './heal.ts'
import { createHops } from './hops.ts'
import { type Continuity, liftAlarm, noteMet, noteSeen } from './instance.ts'
import { keepVerifying } from './keep-verifying.ts'
import { keepServices, unwatched } from './kept-services.ts'
import { createPulse, liveAnswers } from './live.ts'
import { startMaintenance } from './maintenance.ts'
import { createNetwork } from './network.ts'
import { fetchOlder } from './older.ts'
import { ownDevices, ownReaders } from './own/devices.ts'
import { keepOpen } from './own/keep-open.ts'
import { createOwnState } from './own/state.ts'
import { createOwnTexts } from './own/texts.ts'
import type { Peer, PeerDeps, Published } from './peer.ts'
import { watchRecovery } from './recovery.ts'
import { assertForgettable, policyOf, relationPayload, watchFollowed } from './relations.ts'
import { isDoubtful, mayLackEntries, noteRescued, noteWritingAnyway, overruled } from './rescue.ts'
import { rest } from './rest.ts'
import { createSaving } from './saving.ts'
import { createStatus } from './status.ts'
import { createWriter } from './writer.ts'

/** A live status is told at most so often, ms. */
const statusEveryMs = 100

/** Pins given at once. */
const maxPinsListed = 10_000

/** Makes a peer of its parts; dispose it. The parts stay their maker's. Throws what the store throws. */
export async function createPeer(deps: PeerDeps): Promise<Peer> {
  const { store, crypto, signer, clock, random, log } = deps
  const identity = identityOfKey(signer.publicKey)
  const boxKey = await crypto.agreementKey(deps.boxSecret)
  const stop = new AbortController()
  const pulse = createPulse()
  const statusPulse = createPulse()

  store.setSelf(identity)
  watchFollowed(store, identity)
  if (store.rebuildPending) await store.rebuildViews({ signal: stop.signal })

  const saving = createSaving(deps.saving ?? 'none')
  const demands = createDemands(store, random, saving)
  const network = createNetwork(deps, {
    identity,
    demands,
    saving,
    changed: statusPulse.fire,
    heard(remote) {
      noteMet(store)
      own.met(remote)
      maintenance.heard()
    },
    signal: stop.signal,
  })
  const { connections, refresh } = network

  const own = keepOpen({
    ...{ store, crypto, identity, boxKey, clock, log, signal: stop.signal },
    connected: () => Array.from(network.served, ({ session }) => session.remote),
    call: (...asked) => call(...asked),
  })
  await own.now()
  watchFollowed(store, identity)

  const { registry } = network
  const kept = keepServices(deps.services ?? {}, { ...deps, identity, registry, refresh })
  registry.serve(createOwnTexts(store, () => ownDevices(store, identity)))
  const hops = createHops({ store, self: identity, clock, log, onChange: refresh })

  // Background -----------------------------------------------------------------

  const background = startBackground(store, { clock, log, changed: statusPulse.fire })
  const recovery =
    (deps.continuity !== undefined && deps.continuity !== 'continued') || isDoubtful(store)
      ? watchRecovery({
          store,
          identity,
          clock,
          open: own.now,
          rescue,
          onChange: refresh,
        })
      : null
  const watching = store.watch((change) => {
    const { views, feeds } = change
    hops.changed(change)
    recovery?.changed(change)
    own.changed(change)
    if (views) network.viewsChanged()
    if (feeds.has(identity)) network.published()
    pulse.fire()
    statusPulse.fire()
    background.wake()
  })
  const verify = deps.verify ?? crypto.verify
  const onProgress = statusPulse.fire
  const checking = keepVerifying(
    {
      store,
      verify,
      ...(deps.verifyEntries === undefined ? {} : { verifyEntries: deps.verifyEntries }),
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
    clear: () => kept.clear(),
  })

  // Writing --------------------------------------------------------------------

  const status = createStatus(identity, { store, network, clock, search: background, mayWrite: isWritable })
  const { continuity = 'continued' } = deps
  let isAlarmed = continuity !== 'continued'

  function isWritable(): boolean {
    if (isAlarmed && status.ownFeedConfirmed()) endAlarm(true)
    return !isAlarmed
  }

  function endAlarm(isConfirmed: boolean): void {
    if (isAlarmed) noteWritingAnyway(store, identity, isConfirmed)
    liftAlarm(store)
    isAlarmed = false
    statusPulse.fire()
  }

  function assertMayWrite(): void {
    if (stop.signal.aborted) throw new EffigyError('closed', 'This peer is closed. Open it again to write.')
    if (isWritable()) return
    throw notConfirmed(continuity)
  }

  function assertMayRewrite(): void {
    assertMayWrite()
    if (mayLackEntries(store, status.ownFeedConfirmed)) throw notConfirmed('restored')
  }

  const voidPayload = (): string => JSON.stringify({ type: 'void', at: clock.now() })
  const writer = createWriter({ store, crypto, signer, identity, clock, voidPayload })
  const drafts = {
    store,
    crypto,
    identity,
    random,
    now: clock.now,
    readers: () => ownReaders(store, identity, boxKey.publicKey),
  }
  const authoring = createAuthoring({
    store,
    identity,
    clock,
    writer,
    drafts,
    assertMayWrite,
    assertMayRewrite,
    devices: () => ownDevices(store, identity),
  })

  const state = createOwnState({
    store,
    clock,
    publish: (payload, above) => authoring.publish(payload, { above }),
  })

  async function relate(
    relation: RelationKind,
    other: Identity,
    value: boolean,
    policy?: WatchPolicy,
  ): Promise<Published> {
    if (other === identity) {
      throw new EffigyError('own-identity', 'This is this device itself. Choose somebody else.')
    }
    const published = await authoring.publish(relationPayload(relation, other, value, clock.now()))
    if (relation === 'block' && value) kept.end(other)
    if (relation === 'follow') {
      store.watchFeed(other, value ? (policy ?? policyOf(store, other)) : unwatched(store, other))
    }
    watchFollowed(store, identity)
    hops.update()
    refresh()
    if (relation === 'block' && value) await network.turnOut(other)
    return published
  }

  async function remove(cids: readonly RawCid[]): Promise<HeadRecord> {
    const before = store.relations(identity, 'follow')
    const record = await authoring.remove(cids)
    // A follow may have been among them, or the end of one.
    const after = store.relations(identity, 'follow')
    for (const other of before) if (!after.includes(other)) store.watchFeed(other, unwatched(store, other))
    watchFollowed(store, identity)
    hops.update()
    refresh()
    return record
  }

  const call: Peer['call'] = async (other, service, method, value, options) => {
    const session = connections.session(other)
    for (const served of network.served) {
      if (served.session === session) return served.services.call(service, method, value, options)
    }
    return err({ code: 'not-connected', retryMs: null })
  }

  async function rescue(): Promise<void> {
    const lost = overruled(store, identity, crypto.sha256)
    const head = store.feed(identity)?.record?.head
    if (isAlarmed || lost.length === 0 || head === undefined) return
    log.warn('feed.rescued', { entries: lost.length })
    const append = ({ cid, entry: { payload, links } }: SignedEntry): Promise<unknown> =>
      writer.append({ payload, links, body: store.entry(cid)?.body ?? null, above: 0 })
    await Promise.all(lost.map(append))
    noteRescued(store, head)
  }

  async function heal(): Promise<HeadRecord> {
    const record = await writer.heal()
    await own.now()
    watchFollowed(store, identity)
    refresh()
    return record
  }

  async function close(): Promise<void> {
    maintenance.seen()
    stop.abort(new EffigyError('closed', 'This peer is closed.'))
    watching[Symbol.dispose]()
    recovery?.[Symbol.dispose]()
    own[Symbol.dispose]()
    background[Symbol.dispose]()
    hops[Symbol.dispose]()
    kept[Symbol.dispose]()
    maintenance[Symbol.dispose]()
    await connections.close()
    network.ledger[Symbol.dispose]()
    await Promise.all([checking, writer.idle()])
  }
  let closing: Promise<void> | null = null

  const fetchPorts = { store, clock, demands, pulse: statusPulse, refresh }
  const untilStop = <Options extends { readonly signal: AbortSignal }>(options: Options): Options => ({
    ...options,
    signal: AbortSignal.any([options.signal, stop.signal]),
  })

  return {
    identity,
    query: store,
    store,
    ...authoring,
    state,
    remove,
    relate,
    writeAnyway: () => endAlarm(false),
    dispute: () => disputeOf(store, identity),
    heal,

    addFile: (source, options) => storeFile(store, clock.now, source, options),
    addDirectory: (entries, options) => storeDirectory(store, clock.now, entries, options),
    listDirectory: (root, path) => listAt(store, root, path),
    readFile: (root, options) => fileBytes(store, root, options),
    fetchBlob: (root, options) => waitForBlob(fetchPorts, root, untilStop(options)),
    browse: (root, path, options) => browse(fetchPorts, root, path, untilStop(options)),
    fetchPath: (root, path, options) => fetchPath(fetchPorts, root, path, untilStop(options)),
    pin(root) {
      store.hold(root, pinHold)
      refresh([])
    },
    unpin: (root) => store.release(root, pinHold),
    pins: (limit = maxPinsListed) => [...store.heldAs(pinHold, limit)],

    get saving() {
      return saving.mode
    },
    setSaving(mode) {
      saving.set(mode)
      network.announce()
      refresh([])
    },

    watch(other, policy = policyOf(store, other)) {
      store.watchFeed(other, policy)
      refresh([other])
    },
    unwatch(other) {
      store.watchFeed(other, unwatched(store, other))
      refresh([other])
    },
    hops: () => hops.levels,
    setHops: hops.set,
    fetchOlder: (other, count, options) =>
      fetchOlder({ store, pulse: statusPulse, refresh }, other, count, {
        ...options,
        signal: AbortSignal.any([options.signal, stop.signal]),
      }),
    forget(other) {
      assertForgettable(store, identity, other)
      store.watchFeed(other, null)
      store.forget(other)
      refresh([other])
      maintenance.sweep()
    },
    live: (ask, signal) => liveAnswers(() => ask(store), pulse, AbortSignal.any([signal, stop.signal])),

    connect: (address, { expect = null, chosen = true } = {}) => connections.connect(address, expect, chosen),
    accept: connections.accept,
    serve: network.registry.serve,
    call,
    grant: (other, bytes) => network.ledger.grant(other, bytes),
    status: status.now,
    async *statuses(signal) {
      const until = AbortSignal.any([signal, stop.signal])
      for await (const current of liveAnswers(status.now, statusPulse, until)) {
        yield current
        await rest(clock, statusEveryMs, until)
      }
    },
    async settled(signal) {
      const until = AbortSignal.any([signal, stop.signal])
      for (;;) {
        until.throwIfAborted()
        const seen = statusPulse.count
        if (status.isSettled()) return status.now()
        await statusPulse.after(seen, until)
        // Many messages may have come: they are looked at together.
        await rest(clock, statusEveryMs, until)
      }
    },
    [Symbol.asyncDispose]: () => (closing ??= close()),
  }
}

function notConfirmed(continuity: Continuity): EffigyError {
  const why =
    continuity === 'absent'
      ? 'This device was not used for long, or its clock went back: it may have been restored from a copy.'
      : 'This device was restored from a copy.'
  const how = 'Connect to a hub or a friend first, so that what it published since is not lost.'
  return new EffigyError(continuity === 'absent' ? 'absent' : 'restored', `${why} ${how}`)
}
