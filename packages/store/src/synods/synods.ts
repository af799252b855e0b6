/**
 * Accounts (spec S30 to S38): states are kept by root, judged by the core, and what the verdict says of each device is
 * put into effect on its feed, in the transaction that brought the news.
 *
 *     verified `synod` entry ─▶ state ─signatures inside─▶ proven ─judgeAuthority▶ verdict ─▶ standings ─▶ limits of feeds
 *                                                                                    └─▶ what erases reach
 *
 * @module
 */
import {
  type Authority,
  cidDigest,
  claimMove,
  equalBytes,
  type Final,
  type Head,
  type Identity,
  judgeAuthority,
  type Move,
  type ProvenState,
  type RawCid,
  type Root,
  type Sha256,
  type Standing,
  stateVerdict,
} from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { FeedContext, FeedStoreOptions } from '../feeds/context.ts'
import { resumeErasures } from '../feeds/erasures.ts'
import type { Feed } from '../feeds/feed-table.ts'
import { needOf } from '../feeds/need.ts'
import type { Sqlite } from '../sqlite.ts'
import { applyLimit } from './apply-limit.ts'
import { createDeviceTable, type DeviceStanding } from './device-table.ts'
import type { SynodHooks } from './hooks.ts'
import { type Kind, keptOut, keptOutHead } from './kept-out.ts'
import { endOf, type FeedLimit, limitOf, strictest } from './limit.ts'
import { createPins } from './pins.ts'
import { maxStatesOfRoot, statesBeyond } from './state-bound.ts'
import { createStateTable, type UnprovenState } from './state-table.ts'

export interface Synods {
  /** The verdict over all that is here of an account; null when no state of it is. */
  account(root: Root): Authority | null
  /** The account that an identity belongs to, or belonged to: both say so. Null: none that is known. */
  accountOf(identity: Identity): Root | null
  /** What it is to that account. */
  standing(identity: Identity): Standing
  /** Everybody of its accounts but itself: present, past and revoked devices, and the synods' keys. */
  siblings(identity: Identity): readonly Identity[]
  /**
   * Where an account ended the feed of an identity; null: nowhere. `isWhole`: all of that chain is here, as deep as the
   * feed is wanted, or nothing of it counts.
   */
  ending(identity: Identity): { readonly final: Final | null; readonly isWhole: boolean } | null
  /**
   * An own identity belongs to this account, or to none, by its own doing: from now on no other account says anything of
   * it here. One that was never pinned is claimed by every account that lists it.
   */
  pin(identity: Identity, root: Root | null): void
  /** The highest head that a limit keeps out of a feed (S35): what others tell of it since. Null: none. */
  beyond(identity: Identity): Head | null
  /** The highest head that was held when a limit came (S35). Null: none, or there is no limit. */
  heldBefore(identity: Identity): Head | null
  /** Keys that accounts moved away from, as far as is known here. */
  moved(): ReadonlySet<Identity>
  /** Roots of which states are here. */
  roots(): Iterable<Root>
  /** Proven states of an account, as verdicts are made of them. */
  states(root: Root): readonly ProvenState[]

  /** States that wait for their signatures, oldest first: told by `StoreChange.synods` too. */
  unproven(limit: number): readonly UnprovenState[]
  /** Settles them: a state with a false signature proves nothing, and is dropped. */
  settleProofs(verdicts: readonly { readonly cid: RawCid; readonly valid: boolean }[]): void
  /**
   * A move that came without a state, both of its signatures checked (`claimMove`). False: nothing here says that its
   * key was committed to, so nothing is kept (T27).
   */
  learnMove(move: Move): boolean
}

export interface SynodPorts {
  readonly db: Sqlite
  readonly changes: Changes
  readonly sha256: Sha256
  /** Wall clock, ms: when an account that nobody means is let go. */
  readonly now: () => number
  /** Of the feeds; asked late. */
  readonly feeds: () => FeedContext
}

export interface SynodParts {
  readonly synods: Synods
  readonly hooks: SynodHooks
  readonly isProvenSynod: NonNullable<FeedStoreOptions['isProvenSynod']>
  readonly mayClaim: NonNullable<FeedStoreOptions['mayClaim']>
  /** Whose store it is: pinned the first time, to the only account that lists it, or to none. */
  readonly setSelf: (identity: Identity) => void
  /** Lets go of accounts that came more than a day ago, of whom nothing is watched or held, and whom nobody here means. */
  readonly letGo: (isMeant: (root: Root, identities: readonly Identity[]) => boolean, now: number) => void
}

/**
 * States of all verdicts that are kept at hand, some 150 bytes of each: whoever follows people looks at all of their
 * accounts, and a verdict over 256 full states takes a twentieth of a second.
 */
const maxJudgedStates = 65_536

/** Whoever asks for a state, or links by one, has begun to watch its feed by then. Ms. */
const idleMs: number = 24 * 60 * 60 * 1000

/** Accounts that are looked at in one `letGo`. */
const maxLetGo = 64

export function createSynods({ db, changes, sha256, now, feeds }: SynodPorts): SynodParts {
  const states = createStateTable(db, sha256, now)
  const devices = createDeviceTable(db)
  const pins = createPins(db)
  /** The longest unused first. */
  const verdicts = new Map<Root, Authority | null>()
  let judgedStates = 0
  /** Accounts to judge at the end of the transaction. */
  const dirty = new Set<Root>()

  const weightOf = (verdict: Authority | null | undefined): number => 1 + (verdict?.states.size ?? 0)

  function forgetVerdict(root: Root): void {
    const known = verdicts.get(root)
    if (verdicts.delete(root)) judgedStates -= weightOf(known)
  }

  function keepVerdict(root: Root, verdict: Authority | null): void {
    verdicts.set(root, verdict)
    judgedStates += weightOf(verdict)
    for (const [oldest] of verdicts) {
      if (judgedStates <= maxJudgedStates || oldest === root) break
      forgetVerdict(oldest)
    }
  }

  function touch(root: Root): void {
    dirty.add(root)
    forgetVerdict(root)
  }

  function account(root: Root): Authority | null {
    const known = verdicts.get(root)
    if (known !== undefined) {
      verdicts.delete(root)
      verdicts.set(root, known)
      return known
    }
    const verdict = judgeAuthority(root, states.ofRoot(root), sha256, states.movesOf(root))
    keepVerdict(root, verdict)
    return verdict
  }

  /** What another account says of a member of the own one is not heard either: somebody may have its signature (T15). */
  function mayClaim(root: Root, identity: Identity): boolean {
    if (!pins.mayClaim(root, identity)) return false
    const own = pins.roots()
    if (own.size === 0 || own.has(root)) return true
    return !devices.of(identity).some((each) => own.has(each.root) && each.standing.type === 'member')
  }

  /** The accounts that count for an identity, the closest first. */
  const accountsOf = (identity: Identity): readonly DeviceStanding[] =>
    devices.of(identity).filter(({ root }) => mayClaim(root, identity))

  const limitNow = (identity: Identity): FeedLimit | null =>
    strictest(accountsOf(identity).map(({ standing }) => limitOf(standing)))

  function pin(identity: Identity, root: Root | null): void {
    const context = feeds()
    pins.set(identity, root)
    const feed = context.feeds.find(identity)
    if (feed !== null) applyLimit(context, feed, limitNow(identity))
    for (const { root: claiming } of devices.of(identity)) {
      for (const { cid } of states.countsOf(claiming)) resumeErasures(context, cidDigest(cid))
      changes.touchSynod(claiming)
    }
    changes.touchViews()
  }

  /** The verdict after those states are gone of which there are too many. */
  function bounded(root: Root): Authority | null {
    const verdict = account(root)
    if (verdict === null || verdict.states.size <= maxStatesOfRoot) return verdict
    // They may stand in no state that stays.
    for (const move of verdict.moves) keepMove(move)
    for (const cid of statesBeyond(verdict, states.ofRoot(root))) {
      states.delete(cid)
      resumeErasures(feeds(), cidDigest(cid))
    }
    forgetVerdict(root)
    return account(root)
  }

  function keepMove(move: Move): boolean {
    const [check] = claimMove(move).checks
    return check !== undefined && states.addMove(move, sha256(check.message))
  }

  /** Everything that hangs on the verdict of one account. */
  function judge(root: Root): void {
    const verdict = bounded(root)
    const context = feeds()
    for (const identity of devices.replace(root, verdict?.standings ?? new Map())) {
      const feed = context.feeds.find(identity)
      if (feed !== null) applyLimit(context, feed, limitNow(identity))
    }
    for (const { cid, counts } of states.countsOf(root)) {
      const now = verdict !== null && stateVerdict(verdict, cid) !== 'refused'
      if (now === counts) continue
      states.setCounts(cid, now)
      resumeErasures(context, cidDigest(cid))
    }
    changes.touchSynod(root)
    changes.touchViews()
  }

  changes.beforeEnd(() => {
    while (dirty.size > 0) {
      const roots = [...dirty]
      dirty.clear()
      for (const root of roots) judge(root)
    }
  })
  changes.onRollBack(() => {
    dirty.clear()
    verdicts.clear()
    judgedStates = 0
    devices.forget()
    pins.forget()
  })

  function keptOutOf(identity: Identity, kind: Kind): Head | null {
    const feed = feeds().feeds.find(identity)
    return feed === null ? null : (keptOutHead(feeds(), feed, kind)?.head ?? null)
  }

  const synods: Synods = {
    account,
    accountOf: (identity) => accountsOf(identity)[0]?.root ?? null,
    standing: (identity) => accountsOf(identity)[0]?.standing ?? { type: 'foreign' },
    siblings(identity) {
      const accounts = accountsOf(identity)
      if (accounts.length === 0) return []
      const all = new Set(
        accounts.flatMap(({ root }) => devices.identitiesOf(root).filter((each) => mayClaim(root, each))),
      )
      all.delete(identity)
      return [...all]
    },
    pin: (identity, root) =>
      changes.commit(() => {
        if (pins.all().get(identity) !== root) pin(identity, root)
      }),
    ending(identity) {
      const feed = feeds().feeds.find(identity)
      if (feed?.limit?.type !== 'ends') return null
      const { final } = feed.limit
      return { final, isWhole: final === null || isWhole(feeds(), feed, final) }
    },
    beyond: (identity) => keptOutOf(identity, keptOut.beyond),
    heldBefore: (identity) => keptOutOf(identity, keptOut.held),
    moved: devices.moved,
    roots: () => states.roots(),
    states: states.ofRoot,
    unproven: states.unproven,
    settleProofs: (settled) =>
      changes.commit(() => {
        for (const { cid, valid } of settled) {
          const row = states.find(cid)
          if (row === null || row.proven) continue
          if (valid) {
            states.prove(cid)
            touch(row.root)
          } else {
            states.delete(cid)
            resumeErasures(feeds(), cidDigest(cid))
          }
        }
      }),
    learnMove: (move) =>
      changes.commit(() => {
        if (!keepMove(move)) return false
        touch(move.root)
        return true
      }),
  }

  return {
    synods,
    hooks: {
      stateArrived(signed, epoch, isOwn) {
        if (!signed.entry.payload.includes('"synod"')) return
        const end = endOf(limitNow(signed.entry.identity))?.[1] ?? null
        const { row, evicted } = states.add(signed, epoch, isOwn, end)
        for (const root of evicted) touch(root)
        if (row === null) return
        if (row.proven) touch(row.root)
        // Whoever checks signatures hears that there is something to check.
        else changes.touchSynod(row.root)
      },
      feedMade(feed) {
        const limit = limitNow(feed.identity)
        if (limit !== null) applyLimit(feeds(), feed, limit)
      },
    },
    mayClaim: ({ root }, identity) => mayClaim(root, identity),
    letGo(isMeant, now) {
      const { feeds: table } = feeds()
      function isNeeded(root: Root, identities: readonly Identity[]): boolean {
        if (pins.roots().has(root) || isMeant(root, identities)) return true
        return identities.some((identity) => {
          const feed = table.find(identity)
          return feed !== null && (feed.watched || feed.heldCount > 0)
        })
      }
      const idle = states.idleSince(now - idleMs, maxLetGo)
      if (idle.length === 0) return
      changes.commit(() => {
        for (const root of idle) {
          if (isNeeded(root, [...states.keysOf(root), ...devices.identitiesOf(root)])) {
            states.use(root, now)
          } else {
            states.deleteRoot(root)
            touch(root)
          }
        }
      })
    },
    setSelf(identity) {
      if (pins.all().has(identity)) return
      const [only, ...more] = devices.of(identity)
      changes.commit(() => pin(identity, more.length === 0 ? (only?.root ?? null) : null))
    },
    isProvenSynod(_state, _of, entry) {
      const row = states.find(entry)
      if (row === null) return false
      // What does not count now may do so once more is known.
      return row.proven && row.counts && !dirty.has(row.root) ? true : 'pending'
    },
  }
}

function isWhole(context: FeedContext, feed: Feed, [, length, cid]: Final): boolean {
  const last = context.entries.at(feed.id, length)
  if (feed.broken !== null || last === null || !equalBytes(last.cid, cidDigest(cid))) return false
  return feed.watched ? needOf(context, feed) === null : context.runs.holding(feed.id, length)?.first === 1
}
