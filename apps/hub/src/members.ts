/**
 * Whose data the hub keeps: every member's own feed, and those that the member watches,
 * so that friends who are never online together hear each other.
 *
 *     session of X ─admit▶ X's own feed      X watches Y, Z ─track▶ and Y, Z ─▶ quotas (tracking.ts)
 *
 * What members want is remembered over a restart: they may be away when the hub comes back.
 *
 * @module
 */
import { type Identity, parseIdentity, type Root, shortName } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Log } from '@effigy/sync'
import type { Listing } from './admin/persons.ts'
import { type MemberQuotas, noQuotas, type Tracking } from './tracking.ts'

export interface MembersDeps {
  readonly store: Pick<Store, 'feed' | 'setting' | 'saveSettings'>
  readonly tracking: Tracking
  /** The hub's own identity: no member, and never tracked for one. */
  readonly self: Identity
  readonly log: Log
  /** Identities with an open session. */
  connected(): ReadonlySet<Identity>
  /** Who was invited, or let in by hand, whatever the list says; nobody when omitted. */
  isInvited?(identity: Identity): boolean
  /** The account that lists this device (W6); null when none does, and when omitted. */
  accountListing?(device: Identity): Listing | null
  /** Whom the operator turns away (V91); nobody when omitted. */
  isBlocked?(identity: Identity): boolean
  /** What single members may have instead of `feedsPerMember`; nobody when omitted. */
  readonly quotas?: MemberQuotas
}

export interface MemberLimits {
  readonly members: 'anyone' | readonly Identity[]
  readonly maxMembers: number
  /** Their own included. */
  readonly feedsPerMember: number
  /** Nobody becomes a member but by the list or an invite, and who is one stays so; false when omitted. */
  readonly isClosed?: boolean
}

export interface Members {
  readonly count: number
  readonly list: readonly Identity[]
  has(identity: Identity): boolean
  /** What is kept for a member, their own feed first; empty for who is none. */
  feedsOf(member: Identity): readonly Identity[]
  /** Others are blocked than before: they are members no more, and their feeds are kept for nobody. */
  sift(): void
  /** Quotas have changed. What was left out for want of one comes back when its member tells the list again. */
  refit(): void
  /** Whether an authenticated identity may have a session; makes it a member. */
  admit(identity: Identity): boolean
  /** Whom nothing lets in any more, with the devices that came in by the same account; nobody where anybody may come. */
  dismiss(identity: Identity): void
  /** The whole list of what a member watches now. Beyond its quota the last ones are left out. */
  track(member: Identity, identities: readonly Identity[]): void
  /** The same of a hub: what its own members want. It is told to no other hub. */
  trackHub(hub: Identity, identities: readonly Identity[]): void
  isHub(member: Identity): boolean
  /** Grows with each change of `ownWishes`. */
  readonly wishChanges: number
  /** What members want that are no hubs. */
  ownWishes(): ReadonlySet<Identity>
  /** Writes down who wants what. */
  save(): void
}

const indexKey = 'hub.members'
const hubsKey = 'hub.hubs'
const vouchedKey = 'hub.vouched'
const trackedKey = (member: Identity): string => `hub.tracked.${member}`

export function createMembers(deps: MembersDeps, limits: MemberLimits): Members {
  const { store, tracking, self, log, isBlocked = () => false, quotas = noQuotas } = deps
  const allowed = limits.members === 'anyone' ? null : new Set(limits.members)
  const isForAll = allowed === null && limits.isClosed !== true
  /** What each member wants, their own feed first. */
  const wanted = new Map<Identity, readonly Identity[]>()
  /** Whose list, or that there is none any more, differs from what is stored. */
  const unsaved = new Set<Identity>()
  let indexSaved = true
  /** Members that are hubs. */
  const hubs = new Set(parseIdentities(store.setting(hubsKey)))
  let hubsSaved = true
  let wishChanges = 0
  /** Nobody could make room when it was last looked for; looked for again after the next `save`. */
  let crowded = false
  /** Who had a quota of their own when their list was last cut. */
  const special = new Set<Identity>()

  const accountListing = (device: Identity): Listing | null => deps.accountListing?.(device) ?? null
  /** Whether the list names it, or an invite let it in. */
  const isNamed = (identity: Identity): boolean =>
    allowed?.has(identity) === true || deps.isInvited?.(identity) === true
  /** The account that each name lets in besides: a name may belong to any number of them, and opens the hub for the first. */
  const vouched = new Map(
    (JSON.parse(store.setting(vouchedKey) ?? '[]') as [Identity, Root][]).filter(([name]) => isNamed(name)),
  )

  /** Whether it is named, or any device, of now or before, of the account that lists it (W6). */
  function isLetIn(identity: Identity): boolean {
    if (isNamed(identity)) return true
    const listing = accountListing(identity)
    if (listing === null) return false
    const { root, standings } = listing
    for (const name of standings.keys()) {
      if (!isNamed(name) || isBlocked(name) || (vouched.get(name) ?? root) !== root) continue
      if (!vouched.has(name)) {
        vouched.set(name, root)
        store.saveSettings([[vouchedKey, JSON.stringify([...vouched])]])
      }
      return true
    }
    return false
  }

  for (const member of parseIdentities(store.setting(indexKey))) {
    if ((allowed === null || isLetIn(member)) && !isBlocked(member)) {
      want(member, parseIdentities(store.setting(trackedKey(member))))
    } else {
      unsaved.add(member)
      indexSaved = false
    }
  }

  function admit(identity: Identity): boolean {
    if (identity === self || isBlocked(identity)) return false
    if (wanted.has(identity)) return true
    if (!isForAll && !isLetIn(identity)) return false
    if (wanted.size >= limits.maxMembers && !replace(identity) && !makeRoom()) {
      log.warn('member.refused', { peer: shortName(identity), reason: 'full', members: wanted.size })
      return false
    }
    want(identity, [])
    indexSaved = false
    log.info('member.joined', { peer: shortName(identity), members: wanted.size })
    return true
  }

  function dismiss(identity: Identity): void {
    if (isForAll) return
    for (const one of new Set([identity, ...(accountListing(identity)?.standings.keys() ?? [])])) {
      if (wanted.has(one) && !isLetIn(one)) remove(one)
    }
  }

  /** It takes the place of a device that its account revoked. */
  function replace(identity: Identity): boolean {
    for (const [name, { type }] of accountListing(identity)?.standings ?? []) {
      if (type !== 'revoked' || !wanted.has(name)) continue
      remove(name)
      return true
    }
    return false
  }

  /** A member who never wrote anything and is away gives its place to a newcomer (T18). */
  function makeRoom(): boolean {
    if (crowded || limits.isClosed === true) return false
    const connected = deps.connected()
    for (const member of wanted.keys()) {
      if (connected.has(member) || (store.feed(member)?.record ?? null) !== null) continue
      remove(member)
      return true
    }
    crowded = true
    return false
  }

  function remove(member: Identity): void {
    wanted.delete(member)
    wishChanges++
    if (hubs.delete(member)) hubsSaved = false
    special.delete(member)
    unsaved.add(member)
    indexSaved = false
    tracking.want(member, [])
  }

  function sift(): void {
    for (const [member, feeds] of [...wanted]) {
      if (isBlocked(member)) remove(member)
      else if (feeds.some(isBlocked)) track(member, feeds)
    }
  }

  function refit(): void {
    for (const [member, feeds] of [...wanted]) {
      if (special.has(member) || quotas.of(member) !== null) track(member, feeds)
    }
  }

  function track(member: Identity, identities: readonly Identity[]): void {
    if (!wanted.has(member)) return
    const before = wanted.get(member) ?? []
    want(member, identities)
    const after = wanted.get(member) ?? []
    // Everybody tells the list again after a restart.
    if (after.length !== before.length || after.some((feed, at) => feed !== before[at])) unsaved.add(member)
  }

  function want(member: Identity, identities: readonly Identity[]): void {
    const list = new Set([member, ...identities.filter((identity) => !isBlocked(identity))])
    list.delete(self)
    const quota = quotas.of(member)
    if (quota === null) special.delete(member)
    else special.add(member)
    const kept = [...list].slice(0, quota?.feeds ?? limits.feedsPerMember)
    if (kept.length < list.size) {
      log.info('member.over-feeds', { peer: shortName(member), asked: list.size, kept: kept.length })
    }
    if (!hubs.has(member)) wishChanges++
    wanted.set(member, kept)
    tracking.want(member, kept)
  }

  return {
    get count() {
      return wanted.size
    },
    get list() {
      return [...wanted.keys()]
    },
    has: (identity) => wanted.has(identity),
    feedsOf: (member) => wanted.get(member) ?? [],
    sift,
    refit,
    admit,
    dismiss,
    track,
    trackHub(hub, identities) {
      if (!wanted.has(hub)) return
      if (!hubs.has(hub)) {
        hubs.add(hub)
        hubsSaved = false
        wishChanges++
      }
      track(hub, identities)
    },
    isHub: (member) => hubs.has(member),
    get wishChanges() {
      return wishChanges
    },
    ownWishes() {
      const wishes = new Set<Identity>()
      for (const [member, feeds] of wanted) if (!hubs.has(member)) for (const feed of feeds) wishes.add(feed)
      return wishes
    },
    save() {
      crowded = false
      const values = Array.from(unsaved, (member): [string, string | null] => [
        trackedKey(member),
        wanted.get(member)?.join(' ') ?? null,
      ])
      if (!indexSaved) values.push([indexKey, [...wanted.keys()].join(' ')])
      if (!hubsSaved) values.push([hubsKey, [...hubs].join(' ')])
      if (values.length > 0) store.saveSettings(values)
      hubsSaved = true
      unsaved.clear()
      indexSaved = true
    },
  }
}

function parseIdentities(text: string | null): readonly Identity[] {
  if (text === null || text === '') return []
  return text
    .split(' ')
    .map(parseIdentity)
    .filter((identity) => identity !== null)
}
