/**
 * Replication over one session: every machine of it, and what comes to whom (spec R).
 *
 *     Session ◀pump▶ ┬ heads-client ─▶ feed-client ─┬─▶ Store
 *                    ├ heads-feed, feed-source ◀────┤
 *                    └ blob-client, blob-source ◀───┘
 *
 * Sessions of one peer share a `Replication`, so that nothing is fetched twice at once.
 *
 * @module
 */
import { type Cid, cidBytes, type Identity } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import { createUnseal, type Progress, type Store } from '@effigy/store'
import type { Clock } from '../clock.ts'
import { createGossipSession } from '../gossip/gossip-session.ts'
import { createLackedHeads } from '../gossip/lacked-heads.ts'
import { Lazy } from '../lazy.ts'
import type { Log } from '../log.ts'
import type { Message } from '../messages.ts'
import { createServing } from '../reciprocity/serving.ts'
import type { Session } from '../session.ts'
import { createAsked, isAnswer } from './asked.ts'
import { type CatchUp, createCatchUp } from './catch-up.ts'
import { createRow, type Effects } from './effects.ts'
import { createFormerClient, type FormerOptions } from './former-client.ts'
import { createHeadsClient } from './heads-client.ts'
import { createHeadsFeed } from './heads-feed.ts'
import {
  LazyBlobClient,
  LazyBlobSource,
  LazyEntrySource,
  LazyFeedClient,
  LazyFeedSource,
  LazySuccessorClient,
  LazySuccessorSource,
} from './lazy-machines.ts'
import { type Machine, pump } from './pump.ts'
import { createRouting } from './routing.ts'
import type { Replication } from './shared.ts'
import type { Sharing, Trust } from './sharing.ts'
import { hearChanges } from './store-changes.ts'

export interface ReplicatorOptions {
  readonly store: Store
  readonly crypto: Pick<Crypto, 'sha256' | 'hmacSha256' | 'openX'>
  /** For heads: at once. Entries are verified behind (verify-behind.ts). */
  readonly verify: Crypto['verify']
  readonly clock: Clock
  readonly log: Log
  readonly sharing: Sharing
  /**
   * Whether we chose the other side: our hub, or an address that a person gave. It may learn all that we watch and want (T30);
   * whoever was only found may not, whichever side dialled.
   */
  readonly isChosen: boolean
  /** Feeds that a person wants of the other side, whoever it is: it may be asked about them, too. */
  readonly isSought?: (identity: Identity) => boolean
  /** How we stand to the other side; a stranger when omitted. */
  readonly trust?: () => Trust
  readonly shared: Replication
  /** Feeds whose new entries are told with their heads unless the other side says otherwise (G4); none when omitted. */
  readonly carries?: (identity: Identity) => boolean
  /** Which feeds the other side carries so, as far as it said what it is; none when omitted. */
  readonly isCarried?: (identity: Identity) => boolean
  /** Something of `status` may have changed; called often. */
  readonly onChange?: () => void
  /** The whole list of what the other side watches now; for hubs that track it. */
  readonly onWatch?: (identities: readonly Identity[]) => void
  /** The other side's log goes on from where it was known (C3): what it had then it has not lost since with its disk. */
  readonly onContinued?: () => void
  /** The other side asks for entries of that feed above that length. */
  readonly onFeedAsked?: (identity: Identity, above: number) => void
  /** What of one's own feed was given up as lost (F14); nothing when omitted. */
  readonly former?: FormerOptions
  /** Messages of other services (`call`, `provides`, …): true when it was taken. */
  readonly onMessage?: (message: Message, bytes: Uint8Array) => boolean
}

export interface Replicator {
  /** Returns when the session is over, by the signal too; rejects when the store fails. */
  run(signal: AbortSignal): Promise<void>
  status(): ReplicatorStatus
  /** Policies or watched feeds changed in a way the store does not tell: of those, or of any when omitted. */
  refresh(identities?: readonly Identity[]): void
}

export interface ReplicatorStatus {
  /** Feeds that the other side has, and we want something of. */
  readonly feeds: readonly (Progress & { readonly identity: Identity })[]
  readonly blobs: { readonly wanted: number; readonly wantedBytes: number; readonly fetching: number }
  /** Everything that the other side told it has, and we want, is here. False once the session is over. */
  readonly upToDate: boolean
  /** The other side has told the heads that it was asked for. Who cannot or will not give what they lead to answers all the same. */
  readonly headsAnswered: boolean
}

export function createReplicator(session: Session, options: ReplicatorOptions): Replicator {
  let machines: Machines | null = null
  return {
    async run(signal) {
      const { clock, verify } = options
      await pump(
        session,
        (effects) => {
          machines = createMachines(session, options, effects)
          return machines
        },
        { clock, verify },
        signal,
      )
    },
    status: () => machines?.status() ?? { feeds: [], blobs: noBlobs, upToDate: false, headsAnswered: false },
    refresh: (identities) => machines?.refresh(identities),
  }
}

/** Whatever runs may change what we are busy with, whether the store changes or not. */
function tellingOf(world: Effects, onChange: () => void): Effects {
  const told = (run: () => void) => () => {
    run()
    onChange()
  }
  return {
    ...world,
    verify: (checks, done) => world.verify(checks, (verdicts) => told(() => done(verdicts))()),
    after: (ms, run) => world.after(ms, told(run)),
    soon: (run) => world.soon(told(run)),
  }
}

const noBlobs = { wanted: 0, wantedBytes: 0, fetching: 0 }

interface Machines extends Machine {
  status(): ReplicatorStatus
  refresh(identities?: readonly Identity[]): void
}

function createMachines(session: Session, options: ReplicatorOptions, world: Effects): Machines {
  const { store, crypto, log, sharing, shared, onChange = () => {}, onMessage = () => false } = options
  const effects = options.onChange === undefined ? world : tellingOf(world, options.onChange)
  const { sha256 } = crypto
  const wantKey = new Lazy(() => session.exporter('want'))
  const keyedName = (cid: Cid): Uint8Array => crypto.hmacSha256(wantKey.get(), cidBytes(cid))
  const asked = createAsked(effects)
  const unseal = createUnseal(store.feedKeys ?? null, crypto)

  // Who dials us, a stranger to a hub say, hears of what we watch only what they watch themselves, and their own
  // feed (T30).
  /** The other side says that it is on a metered line or a battery. */
  let isSparing = false
  const { isChosen } = options
  let isTrusted = sharing.trustsWants

  const heads = createHeadsClient({
    store,
    asked,
    effects,
    log,
    mayAsk: (identity) =>
      isChosen ||
      isTrusted ||
      identity === session.remote ||
      headsFeed.watches(identity) ||
      options.isSought?.(identity) === true,
    onUnasked: (records) => successors.take(records),
    onHead: (identity, how) => gossip.told(identity, how),
    caughtUp: () => catchUp,
  })
  const successors = new LazySuccessorClient({ store, sha256, clock: options.clock, asked, effects, log })
  const gossip = createGossipSession({
    remote: session.remote,
    store,
    sha256,
    effects,
    log,
    shared,
    heads: () => heads,
    isCarried: options.isCarried ?? (() => false),
    fetch: (identity) => feeds.forgive(identity),
    onTaken: (taken) => serving.took(taken),
  })
  const feeds = new LazyFeedClient({
    store,
    sha256,
    unseal,
    asked,
    effects,
    claims: shared.feeds,
    clock: options.clock,
    log,
    remoteHead: heads.head,
  })

  const blobs = new LazyBlobClient({
    store,
    sha256,
    asked,
    effects,
    transfers: shared.blobs,
    log,
    keyedName,
    isSparing: () => isSparing,
    remote: session.remote,
    // Whoever gives us a feed knows already that we read it.
    mayName: (identity) => isChosen || sharing.trustsWants || heads.head(identity) !== null,
  })
  const lacked = new Lazy(() =>
    createLackedHeads({
      effects,
      isNeeded: (identity) => store.need(identity) !== null,
      ask: heads.askBack,
    }),
  )
  const headsFeed = createHeadsFeed({
    store,
    clock: options.clock,
    sharing,
    effects,
    onWatch: options.onWatch ?? null,
    onAdopt(keys) {
      interest.addSet(keys)
      successorSource.adopted(keys)
    },
    name: shared.interests.name,
    isVerified: (head) => shared.verifiedHeads.has(store, head),
    remoteHead: heads.head,
    carries: options.carries ?? (() => false),
    onLacked: (identity) => lacked.get().add(identity),
    buffered: session.bufferedBytes,
  })
  const successorSource = new LazySuccessorSource({
    store,
    sharing,
    effects,
    watches: headsFeed.watches,
    hear: (identity) => interest.add([identity]),
  })
  const { headLog } = store
  const mayCatchUp = isChosen || sharing.reconciles
  const catchUp: CatchUp | null =
    headLog === undefined || !mayCatchUp
      ? null
      : createCatchUp({
          store,
          log: headLog,
          sha256,
          session,
          asked,
          effects,
          sharing,
          heads,
          headsFeed,
          isChosen,
          mayAskAll: () => isChosen || isTrusted,
          isChecking: () => gossip.checking() > 0,
          onContinued: options.onContinued ?? (() => {}),
        })
  const feedSource = new LazyFeedSource({
    store,
    remote: session.remote,
    sharing,
    effects,
    onAsked: options.onFeedAsked ?? (() => {}),
    onLacked: headsFeed.tellServed,
  })
  const entrySource = new LazyEntrySource({ store, sharing, effects })
  const blobSource = new LazyBlobSource({ store, clock: options.clock, sharing, effects, keyedName })
  const serving = createServing({
    remote: session.remote,
    ledger: shared.ledger,
    queue: shared.service,
    trust: options.trust ?? (() => 'stranger'),
    wake: () => effects.wake(),
  })
  const answers = serving.inTurn([feedSource, entrySource, blobSource])
  const sources = createRow(
    catchUp === null ? [headsFeed, successorSource, answers] : [headsFeed, successorSource, answers, catchUp],
  )

  const interest = hearChanges({
    store,
    interests: shared.interests,
    effects,
    changed: lookAtChanges,
    views: () => blobs.refresh(),
    many: () => catchUp?.changed([]),
  })
  interest.add([session.remote])
  hearAll()

  /** Whom we may ask about everything we ask about whatever we come to watch. */
  function hearAll(): void {
    if (isChosen || isTrusted) interest.addAll()
  }

  function lookAtChanges(identities: readonly Identity[], roots: readonly Cid[]): void {
    if (isTrusted || !changedTrust(identities)) heads.refresh(identities)
    else heads.refresh(watchedFeeds())
    headsFeed.changed(identities)
    successorSource.changed(identities)
    successors.changed()
    catchUp?.changed(identities)
    catchUp?.settle()
    for (const identity of identities) if (!gossip.isWaiting(identity)) feeds.schedule(identity)
    blobSource.arrived(roots)
    blobs.refresh()
    onChange()
  }

  /** Their follow of us may have come. */
  function changedTrust(identities: readonly Identity[]): boolean {
    if (!identities.includes(session.remote)) return false
    isTrusted = sharing.trustsWants
    hearAll()
    return isTrusted
  }

  const watchedFeeds = (): readonly Identity[] =>
    Array.from(store.feeds({ watched: true }), ({ identity }) => identity)

  function receive(message: Message, bytes: Uint8Array): void {
    if (!isAnswer(message)) {
      take(message, bytes)
    } else if (!onMessage(message, bytes)) {
      if (asked.isOpen(message)) serving.arrived(message, bytes)
      asked.take(message, bytes)
    }
    onChange()
  }

  const take = createRouting({
    heads,
    headsFeed,
    gossip,
    feedSource,
    entrySource,
    blobSource,
    catchUp,
    effects,
    onMessage,
    // They are told of these from now on, and may be asked about them.
    watched(identities, replace) {
      if (replace) interest.clear()
      interest.add([session.remote, ...identities.filter(headsFeed.watches)])
      successorSource.asked(identities)
      heads.refresh(identities)
    },
    spare(isMetered) {
      if (isMetered === isSparing) return
      isSparing = isMetered
      blobs.askAnew()
    },
  })

  let isOver = false
  if (catchUp !== null) catchUp.start()
  else if (isChosen || isTrusted) heads.start()
  // A hub would go through the feeds of all its members for each who comes.
  else heads.refresh([session.remote])
  const former =
    options.former === undefined
      ? null
      : createFormerClient({ former: options.former, sha256, unseal, asked, effects })
  const headsAnswered = (): boolean => !isOver && heads.busy() + (catchUp?.busy ?? 0) === 0

  blobs.refresh()

  return {
    receive,
    pull: () => serving.leaving(sources.pull()),
    status: () => ({
      feeds: Array.from(feeds.progress(), ([identity, progress]) => ({ identity, ...progress })),
      blobs: {
        wanted: blobs.wanted.length,
        wantedBytes: blobs.wanted.reduce((sum, { size }) => sum + size, 0),
        fetching: blobs.fetching,
      },
      upToDate: headsAnswered() && gossip.busy() + feeds.busy() + successors.busy === 0 && blobs.idle,
      headsAnswered: headsAnswered(),
    }),
    refresh(identities) {
      isTrusted = sharing.trustsWants
      hearAll()
      if (options.isSought !== undefined) interest.add((identities ?? []).filter(options.isSought))
      heads.refresh(identities ?? watchedFeeds())
      for (const identity of identities ?? heads.told()) feeds.schedule(identity)
      if (identities === undefined)
        for (const identity of catchUp?.incomplete() ?? []) feeds.schedule(identity)
      blobs.refresh()
    },
    [Symbol.dispose]() {
      isOver = true
      interest[Symbol.dispose]()
      former?.[Symbol.dispose]()
      serving[Symbol.dispose]()
      catchUp?.[Symbol.dispose]()
      gossip[Symbol.dispose]()
      feeds[Symbol.dispose]()
      blobs[Symbol.dispose]()
      blobSource[Symbol.dispose]()
      headsFeed[Symbol.dispose]()
    },
  }
}
