/**
 * Whom a name means: the feeds behind a follow, and who is one person with whom (spec Y13, P5, P8).
 *
 *     {identity, root} ─verdict of root▶ key in power, keys before it, devices of today, yesterday and tomorrow
 *
 * The root decides, for it stays; the identity beside it is where to ask first. Made anew with each verdict, so a
 * device that joins is followed, and one that goes is not, without anybody's doing.
 *
 * @module
 */
import type { Root } from '../account/keys.ts'
import { compareIdentities, type Identity } from '../names.ts'
import type { Account } from '../payloads/accounts.ts'
import type { SynodName } from '../payloads/references.ts'
import { type Authority, standingOf } from './authority.ts'
import type { Standing } from './standing.ts'

/** One feed to fetch for a followed person. */
export interface FollowedFeed {
  readonly identity: Identity
  readonly role: 'synod' | 'device'
  /** How far it counts (`refuseHead`). */
  readonly standing: Standing
}

export interface Followed {
  /** All feeds of one person share one quota, under this name. */
  readonly quota: Root | Identity
  /** Where to find the person now: the key in power, or what the target says while no state is here. */
  readonly identity: Identity
  /** The target names a key that was moved away from: to be shown once, and to be written anew in time. */
  readonly moved: boolean
  /** False: no proven state of that root is here yet, only the feed to get one from. */
  readonly known: boolean
  /** The key in power first, then those before it, then devices. None of which nothing counts. */
  readonly feeds: readonly FollowedFeed[]
}

/** The accounts that are known, asked by root or by device. */
export interface Accounts {
  readonly of: (root: Root) => Authority | null
  /** Those in which `identity` is not foreign, least root first: a device can belong to several. */
  readonly holding: (identity: Identity) => readonly Authority[]
  /** What a follow, mention or invite of `target` means now. */
  readonly follow: (target: Account) => Followed
  /** The other devices of one account with `identity` (`ReferenceLookup.siblings`). A hint at an account that does not have it gives none. */
  readonly siblings: (identity: Identity, synod: SynodName | null) => readonly Identity[]
  /** One name a person: the root under which quotas and stances of this device count, or itself. */
  readonly personOf: (identity: Identity) => Root | Identity
}

/** A picture of now: made again when a verdict changes. */
export function createAccounts(verdicts: Iterable<Authority>): Accounts {
  const byRoot = new Map([...verdicts].map((authority) => [authority.root, authority]))
  const byIdentity = new Map<Identity, Authority[]>()
  for (const authority of [...byRoot.values()].sort((a, b) => (a.root < b.root ? -1 : 1))) {
    for (const identity of authority.standings.keys()) {
      byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), authority])
    }
  }
  const holding = (identity: Identity) => byIdentity.get(identity) ?? []

  return {
    of: (root) => byRoot.get(root) ?? null,
    holding,
    follow: (target) =>
      followOf(target, target.root === null ? null : (byRoot.get(target.root) ?? null), holding),
    siblings(identity, synod) {
      const asked = holding(identity).filter(({ root }) => synod === null || root === synod[1])
      const devices = new Set(asked.flatMap((authority) => devicesOf(authority).map((feed) => feed.identity)))
      devices.delete(identity)
      return [...devices].sort(compareIdentities)
    },
    personOf: (identity) => personOf(identity, holding(identity)),
  }
}

/** Its devices that are, or were. */
function devicesOf({ standings }: Authority): readonly FollowedFeed[] {
  return [...standings]
    .filter(([, { type }]) => type !== 'in-power' && type !== 'moved')
    .map(([identity, standing]) => ({ identity, role: 'device', standing }))
}

function followOf(
  { identity, root }: Account,
  authority: Authority | null,
  holding: (identity: Identity) => readonly Authority[],
): Followed {
  if (authority === null) {
    const quota = root ?? personOf(identity, holding(identity))
    const feed: FollowedFeed = {
      identity,
      role: root === null ? 'device' : 'synod',
      standing: loneStanding(identity, root === null ? holding(identity) : []),
    }
    return { quota, identity, moved: false, known: root === null, feeds: isVoid(feed) ? [] : [feed] }
  }
  const keys = authority.keys.toReversed().map((key): FollowedFeed => {
    return { identity: key, role: 'synod', standing: standingOf(authority, key) }
  })
  return {
    quota: authority.root,
    identity: authority.identity,
    moved: authority.keys.includes(identity) && identity !== authority.identity,
    known: true,
    feeds: [...keys, ...devicesOf(authority)].filter((feed) => !isVoid(feed)),
  }
}

/** Of a device followed by itself: what its accounts say of it still holds. */
function loneStanding(identity: Identity, accounts: readonly Authority[]): Standing {
  const [first] = strongest(identity, accounts)
  return first === undefined ? { type: 'foreign' } : standingOf(first, identity)
}

function personOf(identity: Identity, accounts: readonly Authority[]): Root | Identity {
  return strongest(identity, accounts)[0]?.root ?? identity
}

/** Accounts that have it now go before those that had it. */
function strongest(identity: Identity, accounts: readonly Authority[]): readonly Authority[] {
  const isNow = (authority: Authority) => {
    const { type } = standingOf(authority, identity)
    return type === 'member' || type === 'in-power'
  }
  return [...accounts.filter(isNow), ...accounts.filter((authority) => !isNow(authority))]
}

function isVoid({ standing }: FollowedFeed): boolean {
  return (standing.type === 'moved' || standing.type === 'revoked') && standing.final === null
}
