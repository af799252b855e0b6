/**
 * Which feeds are watched because of the people whom one follows, and of one's own account (spec Y13).
 *
 *     follow {identity, root} ─verdict of root▶ the account's key, its devices, present and future ─▶ watchFeed
 *     own account ─────────────────────────────▶ all of it, in full
 *     no longer followed, let go, blocked ─────▶ not watched
 *
 * A person has one policy, whatever number of devices: `last n` is shared among them. The feed of a device that came
 * within a day is fetched shallow: whoever took an account over shall not fill disks.
 *
 * @module
 */
import {
  type Account,
  type Authority,
  createAccounts,
  type FollowedFeed,
  type Identity,
  type Root,
} from '@effigy/core'
import type { FeedState, Store, StoreChange, WatchPolicy } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import type { Listened } from '../groups/listening.ts'
import { unwatched } from '../kept-services.ts'
import { ownDevices } from '../own/devices.ts'
import { groupHop, isForItself, namedHop, policyOf, wholeFeed } from '../relations.ts'
import { blockedOf, createParted, keysOfBlocked, wantedForItself } from './blocked.ts'
import type { Keyring } from './keyring.ts'
import type { Naming } from './naming.ts'
import { createNewcomers, type Newcomers, newcomerMs } from './newcomers.ts'
import type { OwnAccount } from './own-account.ts'
import { isSamePolicy, policyOfAccount, savePolicy, sharedPolicy } from './policies.ts'

export interface Following extends Disposable {
  /** Stances or policies of one's own have changed: watches what is to be watched now. */
  update(): void
  /** For itself, whatever account it is of; of somebody blocked, once that is taken back. */
  watch(identity: Identity, policy: WatchPolicy): void
  unwatch(identity: Identity): void
  /** As `update`; also lets go of what was watched to find an account that is none of ours. */
  tidy(): void
  /** For each commit: accounts that matter may have other devices now. */
  changed(change: StoreChange): void
  /** Joined within a day, as seen from here. */
  isNew(identity: Identity): boolean
  /** What is wanted of an account from now on; takes effect with `update`. */
  setPolicy(root: Root, policy: WatchPolicy): void
}

export interface FollowingDeps {
  readonly store: Store
  readonly self: Identity
  readonly own: OwnAccount
  readonly keyring: Pick<Keyring, 'synod'>
  readonly clock: Clock
  /** Those in groups with this person: their feeds are kept while one is a member. */
  readonly grouped: () => readonly Listened[]
  /** Strangers whose messages are wanted, whatever account they turn out to be of. */
  readonly accepted: () => readonly Account[]
  /** These are watched now, or no longer. */
  readonly onChange: (identities: readonly Identity[]) => void
  /** Looks for the accounts of those who are followed as one device. */
  readonly naming: Pick<Naming, 'keys'>
  /** Others are blocked than before; these were not. */
  readonly onBlocked: (more: readonly Identity[]) => void
}

/** Feeds of one followed account, the key in power first, members before those who were; 24 of each are listed at most. */
const maxFeedsOfAccount = 64

/** Of somebody in a group, or whose messages are wanted: all operations may matter, and pictures of messages; nobody's timeline shows the rest. */
const groupPolicy: WatchPolicy = {
  depth: { type: 'all' },
  blobs: { type: 'up-to', bytes: 4 * 1024 * 1024 },
  hop: groupHop,
}

/** Of somebody blocked in a group that one is in: what they do there changes who reads (S41). */
const blockedPolicy: WatchPolicy = { ...groupPolicy, blobs: { type: 'none' } }

/** Of somebody whom groups of strangers alone name. */
const askingPolicy: WatchPolicy = {
  depth: { type: 'last', count: 1_024 },
  blobs: { type: 'none' },
  hop: groupHop,
}

const all = Number.MAX_SAFE_INTEGER

/** Between a change and a look at what own devices say of people, ms. */
const settleMs = 1_000

export function createFollowing(deps: FollowingDeps): Following {
  const { store, self, own, keyring, clock, onChange } = deps
  const newcomers: Newcomers = createNewcomers(store, clock)
  /** Of those who are followed, until something else is known of them. */
  const accounts = new Map<Root, AccountFeeds>()
  /** Roots whose verdicts change what is watched. */
  let concerned: ReadonlySet<Root> = new Set()
  let timer: Disposable | null = null
  let soon: Disposable | null = null
  /** There may be feeds that are watched for an account's sake alone. */
  let hadAccounts = feedsOfAccounts(store).length > 0
  /** Keys that devices named whose accounts are looked for. */
  const listened = new Set(Array.from(store.feeds({ watched: true })).flatMap(isListened))
  /** Blocked when it was looked at last. */
  let shunned: ReadonlySet<Identity> = new Set()
  const parted = createParted(store)
  /** Followed for themselves, without an account, when it was looked at last. */
  let alone: ReadonlySet<Identity> = new Set()

  function update(): void {
    const roots = new Set<Root>()
    const blocked = blockedOf(store, self)
    const blockedKeys = keysOfBlocked(store, self, blocked)
    const wanted = new Map<Identity, WatchPolicy>([[self, wholeFeed], ...parted.back(blocked.identities)])
    const before = alone
    const followed = store.follows(self, all)
    const accepted = deps.accepted()
    const named = deps.grouped()
    const grouped = [...accepted.map((one) => ({ ...one, isAsking: false })), ...named]
    alone = new Set(
      [...followed, ...grouped].flatMap(({ identity, root }) => (root === null ? [identity] : [])),
    )
    for (const target of followed) {
      if (target.root !== null) roots.add(target.root)
      want(target, blocked, wanted)
    }
    for (const target of grouped) {
      if (target.root !== null) roots.add(target.root)
      want(target, blocked, wanted, target.isAsking ? askingPolicy : groupPolicy)
    }
    for (const target of named) if (!target.isAsking) hear(target, blocked, wanted)
    for (const root of blocked.roots) roots.add(root)
    for (const [key, policy] of blockedKeys) {
      roots.add(policy.account)
      wanted.set(key, policy)
    }
    for (const [identity, policy] of ownFeeds(store, own, keyring)) wanted.set(identity, policy)
    const ownRoot = own.root()
    if (ownRoot !== null) roots.add(ownRoot)
    const lost = lostRoot(store, ownRoot)
    if (lost !== null) {
      roots.add(lost)
      for (const key of store.synods?.account(lost)?.keys ?? []) {
        if (!wanted.has(key)) wanted.set(key, { ...wholeFeed, account: lost })
      }
    }
    const isMet = ({ identity, root }: Account): boolean =>
      !blocked.identities.has(identity) && (root === null || !blocked.roots.has(root))
    for (const [key, policy] of deps.naming.keys([...followed, ...accepted].filter(isMet))) {
      if (!wanted.has(key) && !blocked.identities.has(key)) wanted.set(key, policy)
    }
    concerned = roots
    for (const root of accounts.keys()) if (!roots.has(root)) accounts.delete(root)
    apply(wanted, blocked.identities)
    turnAway(blocked.identities)
    // Another own device has let them go.
    const left = [...before].filter((identity) => !alone.has(identity) && !wanted.has(identity))
    for (const identity of left) store.watchFeed(identity, unwatched(store, identity))
    if (left.length > 0) onChange(left)
    const dueMs = newcomers.nextMs()
    timer?.[Symbol.dispose]()
    timer = dueMs === null ? null : clock.after(dueMs, update)
  }

  function want(
    target: Account,
    blocked: { readonly identities: ReadonlySet<Identity>; readonly roots: ReadonlySet<Root> },
    wanted: Map<Identity, WatchPolicy>,
    beside: WatchPolicy | null = null,
  ): void {
    const { identity, root } = target
    if (blocked.identities.has(identity) || (root !== null && blocked.roots.has(root))) return
    const account = root === null ? null : accountOf(root)
    if (root === null || account === null) {
      // An account of which nothing is here: its key's feed tells the rest.
      if (!wanted.has(identity)) wanted.set(identity, beside ?? policyOf(store, identity))
      return
    }
    const { feeds } = account
    const policy = beside ?? policyOfAccount(store, root, account.keys)
    const devices = feeds.filter(({ role }) => role === 'device')
    for (const feed of feeds) {
      if (feed.identity === self || blocked.identities.has(feed.identity)) continue
      const isOwnFollow = wanted.get(feed.identity)?.account === undefined && wanted.has(feed.identity)
      if (isOwnFollow || (beside !== null && wanted.has(feed.identity))) continue
      const shared = sharedPolicy(policy, feed, devices.length, newcomers)
      const hop = beside === null ? {} : { hop: groupHop }
      wanted.set(feed.identity, { ...shared, ...hop, account: root })
    }
  }

  /** Somebody blocked who is in a group with us. */
  function hear(
    { identity, root }: Account,
    blocked: { readonly identities: ReadonlySet<Identity> },
    wanted: Map<Identity, WatchPolicy>,
  ): void {
    const account = root === null ? null : accountOf(root)
    const devices = (account?.feeds ?? []).flatMap((feed) => (feed.role === 'device' ? [feed.identity] : []))
    for (const device of account === null ? [identity] : devices) {
      if (device === self || !blocked.identities.has(device)) continue
      wanted.set(device, root === null ? blockedPolicy : { ...blockedPolicy, account: root })
    }
  }

  /** What a verdict says about feeds: it is made of many states, and asked for each followed person. */
  function accountOf(root: Root): AccountFeeds | null {
    const known = accounts.get(root)
    if (known !== undefined) return known
    const authority = store.synods?.account(root) ?? null
    if (authority === null) return null
    newcomers.meet(authority)
    const account = { keys: authority.keys, feeds: feedsOf(authority) }
    accounts.set(root, account)
    return account
  }

  /** What was wanted of a feed for itself comes back with the end of the block; what one follows does by itself. */
  function part(identity: Identity): void {
    const policy = alone.has(identity) ? null : wantedForItself(store, identity)
    if (policy !== null) parted.add(identity, policy)
  }

  function apply(wanted: ReadonlyMap<Identity, WatchPolicy>, blocked: ReadonlySet<Identity>): void {
    const changes: Identity[] = []
    const watch = (identity: Identity, policy: WatchPolicy | null): void => {
      store.watchFeed(identity, policy)
      changes.push(identity)
    }
    for (const [identity, policy] of wanted) {
      const state = store.feed(identity)
      const isWatched = state?.watched === true
      // Who is followed for itself keeps what a person chose; what an account says is its own.
      const isKept =
        isWatched && policy.account === undefined && isForItself(state.policy) && !blocked.has(identity)
      if (isKept || (isWatched && isSamePolicy(state.policy, policy))) continue
      // Of the key of somebody blocked less is heard than was wanted.
      if (blocked.has(identity)) part(identity)
      watch(identity, policy)
    }
    // Most people follow no account yet: they look through no list of all that they watch.
    if (hadAccounts || concerned.size > 0) {
      for (const identity of feedsOfAccounts(store)) {
        if (!wanted.has(identity)) watch(identity, unwatched(store, identity))
      }
    }
    hadAccounts = concerned.size > 0
    for (const key of listened) {
      if (wanted.get(key)?.hop === namedHop) continue
      listened.delete(key)
      // Somebody means it by now.
      if (store.feed(key)?.policy.hop !== namedHop) continue
      watch(key, unwatched(store, key))
      if (store.feed(key)?.watched !== true) store.forget(key)
    }
    for (const [key, { hop }] of wanted) if (hop === namedHop) listened.add(key)
    for (const identity of blocked) {
      if (store.feed(identity)?.watched !== true || wanted.has(identity)) continue
      part(identity)
      watch(identity, null)
    }
    if (changes.length > 0) onChange(changes)
  }

  /** Said on whichever own device, or of an account that has one device more now. */
  function turnAway(blocked: ReadonlySet<Identity>): void {
    const before = shunned
    shunned = blocked
    const more = [...blocked].filter((identity) => !before.has(identity))
    const isFewer = [...before].some((identity) => !blocked.has(identity))
    if (more.length > 0 || isFewer) deps.onBlocked(more)
  }

  /** Whether an account is, or has become, one of somebody blocked. */
  function isOfBlocked(root: Root): boolean {
    const standings = shunned.size === 0 ? null : (store.synods?.account(root)?.standings ?? null)
    return standings !== null && [...standings.keys()].some((identity) => shunned.has(identity))
  }

  return {
    update,
    watch(identity, policy) {
      if (shunned.has(identity)) parted.add(identity, policy)
      else store.watchFeed(identity, policy)
    },
    unwatch(identity) {
      parted.drop(identity)
      store.watchFeed(identity, unwatched(store, identity))
    },
    tidy() {
      hadAccounts = true
      update()
    },
    changed({ synods, views }) {
      // What other own devices say of people counts here, too.
      if (views && soon === null && ownDevices(store, self).length > 1) {
        soon = clock.after(settleMs, () => {
          soon = null
          update()
        })
      }
      if (synods === undefined || synods.size === 0) return
      for (const root of synods) accounts.delete(root)
      const ownRoot = own.root()
      for (const root of synods) {
        if (!concerned.has(root) && root !== ownRoot && !isOfBlocked(root)) continue
        update()
        return
      }
    },
    isNew: newcomers.isNew,
    setPolicy: (root, policy) => savePolicy(store, root, policy),
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
      soon?.[Symbol.dispose]()
    },
  }
}

const isListened = ({ identity, policy }: FeedState): readonly Identity[] =>
  policy.hop === namedHop ? [identity] : []

/** Watched because an account has them. */
function feedsOfAccounts(store: Pick<Store, 'feeds'>): readonly Identity[] {
  const found: Identity[] = []
  for (const { identity, policy } of store.feeds({ watched: true })) {
    if (policy.account !== undefined) found.push(identity)
  }
  return found
}

/** Ms for which a device counts as new. */
export { newcomerMs }

function ownFeeds(
  store: Pick<Store, 'synods' | 'feed'>,
  own: OwnAccount,
  keyring: Pick<Keyring, 'synod'>,
): ReadonlyMap<Identity, WatchPolicy> {
  const feeds = new Map<Identity, WatchPolicy>()
  const authority = own.authority()
  const key = keyring.synod?.identity
  // A main device whose states are gone asks others for them.
  if (key !== undefined) feeds.set(key, wholeFeed)
  if (authority === null) return feeds
  const { root } = authority
  for (const { identity, role } of feedsOf(authority)) {
    const policy = role === 'device' ? ownPolicy(store, identity, root) : wholeFeed
    feeds.set(identity, { ...policy, account: root })
  }
  return feeds
}

/**
 * The account that this device was of, when by the newest verdict it never was: one of several moves took back that it
 * joined. A move that outranks it may not have come yet, so the account's keys are still listened to.
 */
function lostRoot(store: Pick<Store, 'setting' | 'saveSetting'>, root: Root | null): Root | null {
  const last = store.setting(lastRootKey) as Root | null
  if (root === null) return last
  if (root !== last) store.saveSetting(lastRootKey, root)
  return null
}

const lastRootKey = 'account-last'

/** All of it, unless a person chose less: a phone may hold less of the laptop. */
function ownPolicy(store: Pick<Store, 'feed'>, identity: Identity, root: Root): WatchPolicy {
  const state = store.feed(identity)
  const isChosen =
    state?.watched === true && isForItself(state.policy) && (state.policy.account ?? root) === root
  return isChosen ? { depth: state.policy.depth, blobs: state.policy.blobs } : wholeFeed
}

interface AccountFeeds {
  readonly keys: Authority['keys']
  readonly feeds: readonly FollowedFeed[]
}

function feedsOf(authority: Authority): readonly FollowedFeed[] {
  const { identity, root } = authority
  const { feeds } = createAccounts([authority]).follow({ identity, root })
  const rank = ({ role, standing }: FollowedFeed): number =>
    role === 'synod' ? 0 : standing.type === 'member' ? 1 : 2
  return [...feeds].sort((a, b) => rank(a) - rank(b)).slice(0, maxFeedsOfAccount)
}
