/**
 * Who was followed as one device is followed as the person, once the account is known that has it (spec Y25).
 *
 *     follow DEVICE ─its newest checked entry names a synod─▶ states of that key ─both say so▶ follow {identity, root}
 *
 * Else what a friend does later would never come: another device, a device revoked, the account moved. What a device says
 * of itself may be false: few keys are listened to for its sake, little of each, and nothing of it stays.
 *
 * @module
 */
import { type Account, EffigyError, type Identity, shortName } from '@effigy/core'
import type { Store, StoreChange, WatchPolicy } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'
import { namedHop } from '../relations.ts'
import type { OwnAccount } from './own-account.ts'
import { accountTarget } from './targets.ts'

export interface Naming extends Disposable {
  /** Keys that are listened to for the sake of those of them who are followed without an account. */
  keys(followed: readonly Account[]): ReadonlyMap<Identity, WatchPolicy>
  /** Something can be written from now on. */
  start(): void
  /** For each commit: somebody may have named an account, or an account somebody. */
  changed(change: StoreChange): void
  /** Something is about to be said, or listened to. */
  readonly isBusy: boolean
}

export interface NamingDeps {
  readonly store: Pick<Store, 'feed' | 'entry' | 'follows' | 'lastSaid' | 'synods'>
  readonly self: Identity
  readonly own: Pick<OwnAccount, 'root' | 'role'>
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
  /** Whether this device may write now. */
  readonly mayWrite: () => boolean
  /** Says that one follows the account of this device, as much of it as was wanted of the device. */
  readonly follow: (device: Identity) => Promise<unknown>
  /** Other keys are to be listened to than were. */
  readonly update: () => void
  /** It is busy no more. */
  readonly rested: () => void
}

/** The newest states say all. Of somebody whom nobody means, as far as is known. */
const newestStates: WatchPolicy = {
  depth: { type: 'last', count: 16 },
  blobs: { type: 'none' },
  hop: namedHop,
}

/** Keys that one device is believed to name, one after the other, until the next start. */
const maxKeysOfDevice = 4

/** Of all who are followed as one device. */
const maxKeys = 256

/** Between a commit and a look, ms: what comes together is looked at together. */
const settleMs = 200

/** Later than the main device, which says it for all, ms. */
const linkedMs = 5_000

export function createNaming(deps: NamingDeps): Naming {
  const { store, self, own, clock } = deps
  /** What each device names now, as far as it is checked; null: nothing. */
  const naming = new Map<Identity, Identity | null>()
  /** All that each of them named since the start. */
  const named = new Map<Identity, Set<Identity>>()
  let alone: ReadonlySet<Identity> = new Set()
  /** As told the last time. */
  let told: ReadonlySet<Identity> = new Set()
  let timer: Disposable | null = null
  let later: Disposable | null = null
  let isWriting = false
  let isStarted = false

  /** Reads the key that a device names now; whoever names too many names none. */
  function read(device: Identity): void {
    const head = store.feed(device)?.record?.head.head ?? null
    const newest = head === null ? null : store.entry(head)
    // While the newest is not here, or not checked, what was said before it counts.
    if (newest?.verified !== true) {
      if (!naming.has(device)) naming.set(device, null)
      return
    }
    const key = newest.signed.entry.synod?.[0] ?? null
    const tried = named.get(device) ?? new Set()
    const isBelieved =
      key !== null && key !== self && key !== device && (tried.has(key) || tried.size < maxKeysOfDevice)
    naming.set(device, isBelieved ? key : null)
    if (isBelieved) named.set(device, tried.add(key))
  }

  /** Whether somebody has an account that is to be followed; `keys`: of those that are. */
  function isFound(device: Identity, keys: ReadonlySet<Identity>): boolean {
    const target = accountTarget(store, device)
    const { root } = target
    if (root === null || root === own.root() || isCovered(device, keys)) return false
    // Said of the account itself since: it is followed no more.
    const lone: Account = { identity: device, root: null }
    return store.lastSaid(self, 'follow', target) < store.lastSaid(self, 'follow', lone)
  }

  /**
   * Whoever has a stolen key can put it into an account of their own: the first that had it was meant, whatever that
   * says of it by now (T15).
   */
  const isCovered = (device: Identity, keys: ReadonlySet<Identity>): boolean =>
    (store.synods?.siblings(device) ?? []).some((sibling) => keys.has(sibling))

  function found(): readonly Identity[] {
    const keys = keysOf(store.follows(self, Number.MAX_SAFE_INTEGER))
    const devices: Identity[] = []
    for (const device of alone) {
      if (!isFound(device, keys)) continue
      keys.add(accountTarget(store, device).identity)
      devices.push(device)
    }
    return devices
  }

  function keys(followed: readonly Account[]): ReadonlyMap<Identity, WatchPolicy> {
    const covering = keysOf(followed)
    const lone = followed.flatMap(({ identity, root }) => (root === null ? [identity] : []))
    alone = new Set(lone.filter((identity) => !isCovered(identity, covering)))
    for (const memory of [named, naming]) {
      for (const device of memory.keys()) if (!alone.has(device)) memory.delete(device)
    }
    for (const device of alone) if (!naming.has(device)) read(device)
    told = keysNow()
    return new Map([...told].map((key) => [key, newestStates]))
  }

  function keysNow(): ReadonlySet<Identity> {
    const now = new Set<Identity>()
    for (const device of alone) {
      if (now.size >= maxKeys) break
      const key = wantedKeyOf(device)
      if (key !== null) now.add(key)
    }
    return now
  }

  function wantedKeyOf(device: Identity): Identity | null {
    const key = naming.get(device) ?? null
    const isSought = key !== null && (store.synods?.accountOf(device) ?? null) === null
    return isSought && isFree(key) ? key : null
  }

  /** Not watched for another reason, which comes first. */
  function isFree(key: Identity): boolean {
    const state = store.feed(key)
    return state?.watched !== true || state.policy.hop === namedHop
  }

  function lookSoon(): void {
    if (isStarted) timer ??= clock.after(settleMs, look)
  }

  function look(): void {
    timer = null
    const now = keysNow()
    if (now.size !== told.size || [...now].some((key) => !told.has(key))) deps.update()
    if (found().length === 0) deps.rested()
    else if (own.role() === 'linked') later ??= clock.after(linkedMs, say)
    else say()
  }

  function say(): void {
    later = null
    if (isWriting) return
    if (!deps.mayWrite()) {
      deps.rested()
      return
    }
    isWriting = true
    void sayAll().finally(() => {
      isWriting = false
      deps.rested()
    })
  }

  async function sayAll(): Promise<void> {
    for (const device of found()) {
      try {
        await deps.follow(device)
        deps.log.info('account.found', { device: shortName(device) })
      } catch (cause) {
        if (!(cause instanceof EffigyError)) throw cause
        deps.log.warn('account.not-followed', { device: shortName(device), code: cause.code })
        return
      }
    }
  }

  return {
    keys,
    changed({ feeds, synods }) {
      if (alone.size === 0) return
      let isNamed = false
      for (const feed of feeds) {
        if (!alone.has(feed)) continue
        read(feed)
        const key = wantedKeyOf(feed)
        isNamed ||= key !== null && !told.has(key)
      }
      if (isNamed || ((synods?.size ?? 0) > 0 && found().length > 0)) lookSoon()
    },
    start() {
      isStarted = true
      // What became known while nobody might write.
      if (found().length > 0) lookSoon()
    },
    get isBusy() {
      return timer !== null || later !== null || isWriting
    },
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
      later?.[Symbol.dispose]()
    },
  }
}

/** Of accounts that are followed as such. */
function keysOf(accounts: readonly Account[]): Set<Identity> {
  return new Set(accounts.flatMap(({ identity, root }) => (root === null ? [] : [identity])))
}
