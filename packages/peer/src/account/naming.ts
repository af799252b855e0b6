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
import { type Account, EffigyError, type Identity, type Root, shortName } from '@effigy/core'
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
  /** By who names them, in the order in which they were named. */
  const named = new Map<Identity, Set<Identity>>()
  let alone: ReadonlySet<Identity> = new Set()
  /** As told the last time. */
  let told: ReadonlySet<Identity> = new Set()
  let timer: Disposable | null = null
  let later: Disposable | null = null
  let isWriting = false
  let isStarted = false

  /** The key that a device names now; null: none, or too many before. */
  function keyOf(device: Identity): Identity | null {
    const head = store.feed(device)?.record?.head.head ?? null
    const newest = head === null ? null : store.entry(head)
    const known = named.get(device) ?? new Set()
    // While the newest is not here, or not checked, what was said before it counts.
    const key = newest?.verified === true ? (newest.signed.entry.synod?.[0] ?? null) : [...known].at(-1)
    if (key === undefined || key === null || key === self || key === device) return null
    if (known.has(key)) return key
    if (known.size >= maxKeysOfDevice) return null
    named.set(device, known.add(key))
    return key
  }

  /** Whether somebody has an account that is to be followed; `roots`: those that are. */
  function isFound(device: Identity, roots: ReadonlySet<Root>): boolean {
    const target = accountTarget(store, device)
    const { root } = target
    if (root === null || root === own.root() || isCovered(device, roots)) return false
    // Said of the account itself since: it is followed no more.
    return (
      store.lastSaid(self, 'follow', target) <
      store.lastSaid(self, 'follow', { identity: device, root: null })
    )
  }

  /**
   * Whoever has a stolen key can put it into an account of their own: the first that had it was meant, whatever that
   * says of it by now (T15).
   */
  const isCovered = (device: Identity, roots: ReadonlySet<Root>): boolean =>
    [...roots].some((root) => store.synods?.account(root)?.standings.has(device) === true)

  function found(): readonly Identity[] {
    const roots = new Set(rootsOf(store.follows(self, Number.MAX_SAFE_INTEGER)))
    const devices: Identity[] = []
    for (const device of alone) {
      if (!isFound(device, roots)) continue
      roots.add(accountTarget(store, device).root as Root)
      devices.push(device)
    }
    return devices
  }

  function keys(followed: readonly Account[]): ReadonlyMap<Identity, WatchPolicy> {
    const covered = new Set(rootsOf(followed).flatMap((root) => [...standingsOf(root)]))
    const lone = followed.flatMap(({ identity, root }) => (root === null ? [identity] : []))
    alone = new Set(lone.filter((identity) => !covered.has(identity)))
    for (const device of named.keys()) if (!alone.has(device)) named.delete(device)
    told = keysNow()
    return new Map([...told].map((key) => [key, newestStates]))
  }

  const standingsOf = (root: Root): Iterable<Identity> => store.synods?.account(root)?.standings.keys() ?? []

  function keysNow(): ReadonlySet<Identity> {
    const found = new Set<Identity>()
    for (const device of alone) {
      if (found.size >= maxKeys) break
      const key = wantedKeyOf(device)
      if (key !== null) found.add(key)
    }
    return found
  }

  function wantedKeyOf(device: Identity): Identity | null {
    if ((store.synods?.accountOf(device) ?? null) !== null) return null
    const key = keyOf(device)
    return key !== null && isFree(key) ? key : null
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
      if (alone.size === 0 || timer !== null) return
      const isNamed = (feed: Identity): boolean => {
        const key = alone.has(feed) ? wantedKeyOf(feed) : null
        return key !== null && !told.has(key)
      }
      if ([...feeds].some(isNamed) || ((synods?.size ?? 0) > 0 && found().length > 0)) lookSoon()
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

function rootsOf(accounts: readonly Account[]): readonly Root[] {
  return accounts.flatMap(({ root }) => root ?? [])
}
