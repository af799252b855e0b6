/**
 * Wires one peer together (peer.ts): writer, connections, replication, background work.
 *
 * @module
 */
import {
  type Cid,
  EffigyError,
  type Identity,
  identityOfKey,
  type Payload,
  parseRawCid,
  parseUtf8,
  type RawCid,
  type RebaseEdit,
  readPayload,
  wasOfEdit,
} from '@effigy/core'
import type { RelationKind, Store } from '@effigy/store'
import {
  createReplication,
  createReplicator,
  createSharing,
  defaultSessionLimits,
  openSession,
  publicNetworkKey,
  type Replicator,
  type Session,
  type SharingFacts,
  type Trust,
} from '@effigy/sync'
import { startBackground } from './background.ts'
import { createConnections } from './connections.ts'
import { fileBytes, releaseUploads, storeFile, waitForBlob } from './files.ts'
import { liftAlarm } from './instance.ts'
import { keepVerifying } from './keep-verifying.ts'
import { createPulse, liveAnswers } from './live.ts'
import { openAllOwn } from './opener.ts'
import type { Peer, PeerDeps, Published, PublishOptions } from './peer.ts'
import { draftOf } from './publish.ts'
import { relationPayload, watchFollowed, wholeFeed } from './relations.ts'
import { rest } from './rest.ts'
import { createStatus } from './status.ts'
import { createWriter } from './writer.ts'

/** Further back than this, an edit is an erase and a new entry: rewriting would cost every follower more (DESIGN 2.4). */
const maxRewritten = 1_000

/** A live status is told at most so often, ms. */
const statusEveryMs = 100

/** Hidden bytes and unheld blocks are looked at so often, ms. */
const maintainEveryMs: number = 60 * 60 * 1000

/** Makes a peer of its parts; dispose it. The parts stay their maker's. Throws what the store throws. */
export async function createPeer(deps: PeerDeps): Promise<Peer> {
  const { store, crypto, signer, clock, random, log, kind = 'peer' } = deps
  const identity = identityOfKey(signer.publicKey)
  const boxKey = await crypto.agreementKey(deps.boxSecret)
  const verify = deps.verify ?? crypto.verify
  const stop = new AbortController()
  const pulse = createPulse()
  const statusPulse = createPulse()
  const draftDeps = { store, crypto, identity, random, boxKey: boxKey.publicKey }
  const openerDeps = { store, crypto, identity, boxKey }
  const voidPayload = (): string => JSON.stringify({ type: 'void', at: clock.now() })
  const writer = createWriter({ store, crypto, signer, identity, clock, voidPayload })

  store.setSelf(identity)
  watchFollowed(store, identity)
  await openAllOwn(openerDeps)
  watchFollowed(store, identity)
  if (store.rebuildPending) await store.rebuildViews({ signal: stop.signal })

  // Replication ----------------------------------------------------------------

  const shared = createReplication(clock)
  const replicators = new Map<Session, Replicator>()
  const status = createStatus(identity, {
    store,
    replicators,
    connections: () => connections.list,
    unsearchable: () => background.unsearchable,
  })

  function trustOf(remote: Identity): Trust {
    const follows = store.relations(identity, 'follow').includes(remote)
    if (!follows) return 'stranger'
    return store.relations(remote, 'follow').includes(identity) ? 'friend' : 'contact'
  }

  /** Asked for each name of the lists that others send, and only a change of the views changes it. */
  let viewsChanged = 0
  function asOfViews<Value>(ask: () => Value): () => Value {
    let last: { readonly value: Value; readonly at: number } | null = null
    return () => {
      if (last?.at !== viewsChanged) last = { value: ask(), at: viewsChanged }
      return last.value
    }
  }
  const blocked = asOfViews(() => new Set(store.relations(identity, 'block')))

  function sharingWith(remote: Identity) {
    const facts: SharingFacts = {
      trust: asOfViews(() => trustOf(remote)),
      isBlocked: (other) => blocked().has(other),
      isPublic: () => true,
      isPublicBlob: (root) => isPublicBlob(store, root),
      // Whoever has a session with a hub was admitted.
      isMember: () => deps.kind === 'hub',
    }
    return createSharing(remote, facts)
  }

  async function serve(session: Session): Promise<string> {
    const { remote } = session
    const replicator = createReplicator(session, {
      store,
      crypto,
      verify: crypto.verify,
      clock,
      log,
      sharing: sharingWith(remote),
      shared,
      onChange: statusPulse.fire,
      onMessage: (message) => {
        if (message.type === 'provides') status.setKind(session, message.kind)
        return message.type === 'provides'
      },
      ...(deps.tracks === undefined
        ? {}
        : { onWatch: (identities: readonly Identity[]) => deps.tracks?.(remote, identities) }),
    })
    replicators.set(session, replicator)
    try {
      session.send({ type: 'provides', services: ['blobs', 'headtracking'], kind, metered: false })
      await replicator.run(stop.signal)
    } catch (cause) {
      if (!(cause instanceof EffigyError && cause.code === 'closed')) throw cause
    } finally {
      replicators.delete(session)
    }
    return (await session.closed).code
  }

  const connections = createConnections({
    clock,
    random,
    log,
    dial: deps.dial,
    changed: statusPulse.fire,
    serve,
    async open(link, role, expect, signal) {
      const session = await openSession(link, {
        role,
        identity,
        signer,
        expect,
        // A2: only a hub shows who it is to whoever dials.
        demandProof: kind !== 'hub',
        networkKey: deps.networkKey ?? publicNetworkKey(crypto.sha256),
        pairingSecret: null,
        head: () => store.feed(identity)?.record ?? null,
        crypto,
        clock,
        log,
        limits: defaultSessionLimits,
        signal,
      })
      const isBlocked = store.relations(identity, 'block').includes(session.remote)
      if (isBlocked || deps.admits?.(session.remote) === false) {
        await session.end('not-admitted')
        throw new EffigyError('not-admitted', 'this peer does not take that identity')
      }
      return session
    },
  })

  // Background -----------------------------------------------------------------

  const background = startBackground(store, { clock, log, changed: statusPulse.fire })
  const watching = store.watch(({ views }) => {
    if (views) viewsChanged++
    pulse.fire()
    statusPulse.fire()
    background.wake()
  })
  const onProgress = statusPulse.fire
  const checking = keepVerifying({ store, verify, clock, log, onProgress }, stop.signal)
  let maintenance = clock.after(maintainEveryMs, maintain)
  function maintain(): void {
    maintenance = clock.after(maintainEveryMs, maintain)
    try {
      store.maintain()
    } catch (cause) {
      if (!(cause instanceof EffigyError)) throw cause
      log.warn('maintenance.failed', { code: cause.code })
    }
  }

  // Writing --------------------------------------------------------------------

  let mayWrite = deps.continuity !== 'restored'

  function assertMayWrite(): void {
    if (mayWrite) return
    if (status.ownFeedConfirmed()) {
      liftAlarm(store)
      mayWrite = true
      return
    }
    throw new EffigyError(
      'restored',
      'This device was restored from a copy: connect to a hub or a friend first, so that what it published since is not lost.',
    )
  }

  async function publish(
    payload: Payload,
    options: PublishOptions & { readonly above?: number } = {},
  ): Promise<Published> {
    assertMayWrite()
    const { draft, content, opened } = await draftOf(payload, options, draftDeps)
    const { entry, record } = await writer.append(draft)
    if (opened !== null) store.rememberOpened(identity, content, opened)
    releaseUploads(
      store,
      draft.links.map(([root]) => root),
    )
    return { cid: entry.cid, content, record }
  }

  function ownEntry(cid: RawCid) {
    const stored = store.entry(cid)
    if (stored === null || stored.signed.entry.identity !== identity) {
      throw new EffigyError(
        'not-own-entry',
        'only entries of this device can be changed: this is not one of them',
      )
    }
    return stored
  }

  /** The payload of an own entry, as published. */
  function ownPayload(cid: RawCid): Payload | null {
    const { signed, body } = ownEntry(cid)
    const { payload } = signed.entry
    const detached = parseRawCid(payload)
    const block = detached === null ? null : (body ?? store.block(detached))
    const text = detached === null ? payload : block && parseUtf8(block)
    const read = text === null ? null : readPayload(text, { detached: detached !== null })
    return read?.ok === true ? read.value : null
  }

  async function edit(cid: RawCid, payload: Payload): Promise<Published> {
    assertMayWrite()
    const stored = ownEntry(cid)
    const old = ownPayload(cid)
    if (old === null || old.type !== payload.type) {
      throw new EffigyError('not-editable', 'an entry can only become another one of its kind')
    }
    const was = wasOfEdit({ identity, content: stored.content }, old.was ?? [])
    const edited = { ...payload, was } as Payload
    const detached = !stored.signed.entry.payload.startsWith('{')
    const newest = store.feed(identity)?.record?.head.length ?? 0
    if (newest - stored.signed.entry.length > maxRewritten) {
      const published = await publish(edited, { detached })
      await erase([stored.content])
      return published
    }
    const { draft, content } = await draftOf(edited, { detached }, draftDeps)
    const replace: RebaseEdit = { type: 'replace', payload: draft.payload, links: draft.links }
    const bodies = new Map(draft.body === null ? [] : [[content, draft.body]])
    const record = await writer.rebase(new Map([[cid, replace]]), bodies)
    const item = store.resolve(identity, content)
    if (record === null || item === null)
      throw new EffigyError('not-own-entry', 'this entry is no longer in the feed')
    releaseUploads(
      store,
      draft.links.map(([root]) => root),
    )
    return { cid: item.cid, content, record }
  }

  async function remove(cids: readonly RawCid[]) {
    assertMayWrite()
    for (const cid of cids) ownEntry(cid)
    const record = await writer.rebase(new Map(cids.map((cid) => [cid, { type: 'delete' }])), new Map())
    if (record === null) throw new EffigyError('not-own-entry', 'none of these entries is in the feed')
    return record
  }

  async function erase(contents: readonly RawCid[]): Promise<Published> {
    const targets = contents.map((content) => ({ identity, content }))
    return publish({ type: 'erase', at: clock.now(), targets } as Payload)
  }

  async function relate(
    relation: RelationKind,
    other: Identity,
    value: boolean,
    policy = wholeFeed,
  ): Promise<Published> {
    if (other === identity) throw new EffigyError('own-identity', 'this is this device itself')
    const published = await publish(relationPayload(relation, other, value, clock.now()))
    if (relation === 'follow') store.watchFeed(other, value ? policy : null)
    watchFollowed(store, identity)
    for (const replicator of replicators.values()) replicator.refresh()
    if (relation === 'block' && value) await connections.session(other)?.end('not-admitted')
    return published
  }

  return {
    identity,
    query: store,
    store,
    publish,
    edit,
    remove,
    erase,
    relate,

    addFile: (source, options) => storeFile(store, clock.now, source, options),
    readFile: (root, options) => fileBytes(store, root, options),
    fetchBlob: (root, options) => waitForBlob(store, pulse, root, options),

    watch(other, policy = wholeFeed) {
      store.watchFeed(other, policy)
      for (const replicator of replicators.values()) replicator.refresh()
    },
    unwatch(other) {
      store.watchFeed(other, null)
      for (const replicator of replicators.values()) replicator.refresh()
    },
    live: (ask, signal) => liveAnswers(() => ask(store), pulse, AbortSignal.any([signal, stop.signal])),

    connect: (address, { expect = null } = {}) => connections.connect(address, expect),
    accept: connections.accept,
    status: status.now,
    async *statuses(signal) {
      const until = AbortSignal.any([signal, stop.signal])
      for await (const current of liveAnswers(status.now, statusPulse, until)) {
        yield current
        await rest(clock, statusEveryMs, until)
      }
    },
    async settled(signal) {
      for (;;) {
        signal.throwIfAborted()
        const asked = statusPulse.count
        const current = status.now()
        if (status.isSettled(current)) return current
        await statusPulse.after(asked, signal)
        // Many messages may have come: they are looked at together.
        await rest(clock, statusEveryMs, signal)
      }
    },

    async [Symbol.asyncDispose]() {
      stop.abort(new EffigyError('closed', 'the peer is closing'))
      watching[Symbol.dispose]()
      background[Symbol.dispose]()
      maintenance[Symbol.dispose]()
      await connections.close()
      await checking
    },
  }
}

/** Needed by an entry that everybody may have; an upload that is not published yet is nobody's business. */
function isPublicBlob(store: Store, root: Cid): boolean {
  return store.holders(root).some((holder) => holder.startsWith('feed:'))
}
