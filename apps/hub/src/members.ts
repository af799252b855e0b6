/**
 * Whose data the hub keeps, and how much of it: every member's own feed, and those that
 * the member watches, so that friends who are never online together hear each other.
 *
 *     session of X ─admit▶ watch X      X watches Y, Z ─track▶ watch Y, Z      too much ─▶ unwatch the last ones
 *
 * A feed that several members want is watched once and counts for each of them. What was
 * fetched stays when nobody wants it any more; it is no longer brought up to date.
 *
 * @module
 */
import { type Identity, parseIdentity, shortName } from '@effigy/core'
import type { Store, WatchPolicy } from '@effigy/store'
import type { Log } from '@effigy/sync'

export interface MembersDeps {
  readonly store: Pick<Store, 'feed' | 'setting' | 'saveSetting'>
  /** The hub's own identity: no member, and never tracked for one. */
  readonly self: Identity
  readonly log: Log
  watch(identity: Identity, policy: WatchPolicy): void
  unwatch(identity: Identity): void
  /** Whether a session of that identity is open. */
  isConnected(identity: Identity): boolean
}

export interface MemberLimits {
  readonly members: 'anyone' | readonly Identity[]
  readonly maxMembers: number
  /** Their own included. */
  readonly feedsPerMember: number
  readonly bytesPerMember: number
  /** Of everybody. */
  readonly entryBytes: number
  readonly maxBlobBytes: number
}

export interface Members {
  readonly count: number
  /** Feeds that are kept up to date. */
  readonly feedCount: number
  /** Whether an authenticated identity may have a session; makes it a member. */
  admit(identity: Identity): boolean
  /** The whole list of what a member watches now. Beyond its quota the last ones are left out. */
  track(member: Identity, identities: readonly Identity[]): void
  /** Compares what is held with the quotas, and remembers who wanted what. Cheap enough for every few seconds. */
  settle(): void
}

const indexKey = 'hub.members'
const trackedKey = (member: Identity): string => `hub.tracked.${member}`

export function createMembers(deps: MembersDeps, limits: MemberLimits): Members {
  const { store, self, log } = deps
  const allowed = limits.members === 'anyone' ? null : new Set(limits.members)
  const policy: WatchPolicy = {
    depth: { type: 'all' },
    blobs: limits.maxBlobBytes === 0 ? { type: 'none' } : { type: 'up-to', bytes: limits.maxBlobBytes },
  }
  /** What each member wants, their own feed first. */
  const wanted = new Map<Identity, readonly Identity[]>()
  const watched = new Set<Identity>()
  /** Members whose list differs from the stored one. */
  const unsaved = new Set<Identity>()
  let indexSaved = true
  /** Over everybody's quota: nothing new is watched. */
  let full = false

  for (const member of parseIdentities(store.setting(indexKey))) {
    if (allowed !== null && !allowed.has(member)) {
      indexSaved = false
      store.saveSetting(trackedKey(member), null)
      continue
    }
    wanted.set(member, ownFirst(member, parseIdentities(store.setting(trackedKey(member)))))
  }
  settleWatches()

  function admit(identity: Identity): boolean {
    if (identity === self || (allowed !== null && !allowed.has(identity))) return false
    if (wanted.has(identity)) return true
    if (wanted.size >= limits.maxMembers && !makeRoom()) {
      log.warn('member.refused', { peer: shortName(identity), reason: 'full', members: wanted.size })
      return false
    }
    wanted.set(identity, [identity])
    indexSaved = false
    log.info('member.joined', { peer: shortName(identity), members: wanted.size })
    if (!full) start(identity)
    return true
  }

  /** A member who never wrote anything and is away gives its place to a newcomer (T18). */
  function makeRoom(): boolean {
    for (const member of wanted.keys()) {
      if (deps.isConnected(member) || (store.feed(member)?.record ?? null) !== null) continue
      wanted.delete(member)
      unsaved.delete(member)
      store.saveSetting(trackedKey(member), null)
      indexSaved = false
      settleWatches()
      return true
    }
    return false
  }

  function track(member: Identity, identities: readonly Identity[]): void {
    if (!wanted.has(member)) return
    const list = ownFirst(member, identities)
    const kept = list.slice(0, limits.feedsPerMember)
    if (kept.length < list.length) {
      log.info('member.over-feeds', { peer: shortName(member), asked: list.length, kept: kept.length })
    }
    wanted.set(member, kept)
    unsaved.add(member)
    settleWatches()
  }

  function ownFirst(member: Identity, identities: readonly Identity[]): readonly Identity[] {
    const list = new Set<Identity>([member, ...identities])
    list.delete(self)
    return [...list]
  }

  /** Watches what fits every quota, no more and no less. */
  function settleWatches(): void {
    const sizes = new Map<Identity, number>()
    const sizeOf = (identity: Identity): number => {
      const known = sizes.get(identity) ?? store.feed(identity)?.heldBytes ?? 0
      sizes.set(identity, known)
      return known
    }
    const fitting = new Set<Identity>()
    for (const [member, list] of wanted) {
      let bytes = 0
      let left = 0
      for (const identity of list) {
        // What is held counts, wanted or not: else one feed after the other would be filled and left.
        bytes += sizeOf(identity)
        if (bytes <= limits.bytesPerMember) fitting.add(identity)
        else left++
      }
      if (left > 0) log.info('member.over-bytes', { peer: shortName(member), feeds: left, bytes })
    }
    let total = 0
    for (const size of sizes.values()) total += size
    const overfull = total >= limits.entryBytes
    if (overfull && !full) log.warn('storage.quota-reached', { bytes: total, quota: limits.entryBytes })
    full = overfull
    for (const identity of watched) if (full || !fitting.has(identity)) stop(identity)
    if (!full) for (const identity of fitting) start(identity)
  }

  function start(identity: Identity): void {
    if (watched.has(identity)) return
    watched.add(identity)
    deps.watch(identity, policy)
  }

  function stop(identity: Identity): void {
    watched.delete(identity)
    deps.unwatch(identity)
  }

  function settle(): void {
    settleWatches()
    for (const member of unsaved) {
      store.saveSetting(trackedKey(member), (wanted.get(member) ?? []).join(' '))
    }
    unsaved.clear()
    if (!indexSaved) store.saveSetting(indexKey, [...wanted.keys()].join(' '))
    indexSaved = true
  }

  return {
    get count() {
      return wanted.size
    },
    get feedCount() {
      return watched.size
    },
    admit,
    track,
    settle,
  }
}

function parseIdentities(text: string | null): readonly Identity[] {
  if (text === null || text === '') return []
  return text
    .split(' ')
    .map(parseIdentity)
    .filter((identity) => identity !== null)
}
