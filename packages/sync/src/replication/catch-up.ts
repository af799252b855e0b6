/**
 * Coming up to date over one session (spec C): who begins, what is remembered of it, and what it covers.
 *
 *     dialler ─ all that it watches ─▶ client ─▶ agreed set ─▶ watched both ways ─▶ live heads, position
 *     acceptor ─ what it watches besides, once the dialler's set is agreed on ─▶ client ─▶ …
 *
 * A set that was agreed on is stored by both sides with how far each knows the other's log. That is moved
 * on only when all heads up to there are checked and in the store, so a cut or a crash anywhere asks for
 * some of them again and never leaves one out.
 *
 * @module
 */
import {
  createByteReader,
  createByteWriter,
  type HeadRecord,
  type Identity,
  identityKey,
  type Sha256,
} from '@effigy/core'
import type { HeadLog, LogPosition, MetSet, Store } from '@effigy/store'
import { maxListedIds } from '../limits.ts'
import type { Message } from '../messages.ts'
import { readPosition, writePosition } from '../messages-bytes.ts'
import {
  changedKeys,
  hashKeys,
  hasIdentity,
  identitiesOf,
  indexOfKey,
  joinedSets,
  keyBytes,
  keyCount,
  keysOf,
  placesOutside,
} from '../reconcile/key-set.ts'
import { printsLabel } from '../reconcile/prints.ts'
import type { Session } from '../session.ts'
import type { Asked } from './asked.ts'
import { createCatchUpClient, type Goal } from './catch-up-client.ts'
import { type AgreedSet, createCatchUpSource } from './catch-up-source.ts'
import type { Effects, Producer } from './effects.ts'
import type { HeadsClient } from './heads-client.ts'
import type { HeadsFeed } from './heads-feed.ts'
import { hideScope, isEqual, taken } from './log-scope.ts'
import type { Sharing } from './sharing.ts'

export interface CatchUpPorts {
  readonly store: Pick<Store, 'headRecords'>
  readonly log: HeadLog
  readonly sha256: Sha256
  readonly session: Pick<Session, 'remote' | 'role' | 'dialler' | 'exporter'>
  readonly asked: Asked
  readonly effects: Pick<Effects, 'send' | 'after' | 'wake' | 'end'>
  readonly sharing: Sharing
  readonly heads: HeadsClient
  readonly headsFeed: HeadsFeed
  /** Whether the other side may learn all that we watch (T30). */
  readonly mayAskAll: () => boolean
  /** Whether heads that came in other ways are still being checked. */
  readonly isChecking: () => boolean
}

export interface CatchUp extends Producer, Disposable {
  start(): void
  /** True when it was one of these messages. */
  receive(message: Message, bytes: Uint8Array): boolean
  cancel(id: number): void
  /** The other side began the plain way. */
  plain(): void
  /** Whether the other side need not be asked about that feed: what it has is known, or will be told. */
  covers(identity: Identity): boolean
  /** Whether heads of it may come, though it was not asked about by name. */
  expects(identity: Identity): boolean
  /** The other side's head where it is the one we have had since the sets were agreed on. */
  head(identity: Identity): HeadRecord['head'] | null
  /** These feeds changed, and those who watch them are being told. */
  changed(identities: Iterable<Identity>): void
  /** Something was checked: positions may be moved on. */
  settle(): void
  /** Feeds that lack entries which the other side may have. */
  incomplete(): readonly Identity[]
  readonly busy: number
}

/** Ms that an acceptor leaves to the dialler, who knows better what both have in common. */
const courtesyMs = 1_000

/** Ms between two `position`s: a cut costs the changes of that time once more. */
const positionEveryMs = 5_000

/** Ms until the first: what was just told to us is no news to them. */
const firstPositionMs = 500

/** Changes of others' feeds after which a position is worth telling though none concerned the other side. */
const idleChanges = 512

/** Sets up to this size have their heads noted at once; larger ones are looked up one by one. */
const maxNoted = 512

/** More changes than any log has while a set is agreed on. */
const allChanges = 1_000_000

interface Level {
  readonly keys: Uint8Array
  /** Count of our log up to which both sides' heads over these keys are known to be the same, or are under way. */
  readonly own: number
}

export function createCatchUp(ports: CatchUpPorts): CatchUp {
  const { store, log, sha256, session, asked, effects, sharing, heads, headsFeed, mayAskAll } = ports
  const { remote } = session
  const isDialler = session.role === 'dialler'
  const printKey = session.exporter(printsLabel)
  const levels: Level[] = []
  /** What is saved of the sets, and whether it is saved as it is. */
  const sets: { set: MetSet; isSaved: boolean }[] = []
  const goals: Goal[] = []
  /** Ours that is being agreed on: the other side may ask about it before it has told us that it knows it. */
  let current: MetSet | null = null
  let isWaiting = false
  let isPlain = false
  let courtesy: Disposable | null = null
  let positionTimer: Disposable | null = null
  let hasGivenPosition = false
  let toldCount = 0
  let coveredCount = 0
  let isConcerned = false
  let isFirstPosition = true

  const client = createCatchUpClient({
    store,
    log,
    sha256,
    asked,
    effects,
    sharing,
    printKey,
    onHeads: (records) => heads.takeAll(records, isAskedAbout),
    onDone: reached,
    onClosed() {
      goals.length = 0
      startPlainly()
    },
  })

  const source = createCatchUpSource({
    log,
    sha256,
    effects,
    sharing,
    remote,
    printKey,
    serves: () => isDialler || sharing.reconciles,
    mayCompareAll: () => isDialler || sharing.trustsWants,
    tell: headsFeed.tell,
    offered: (hash) => (current !== null && isEqual(current.hash, hash) ? current : null),
    onSet: agreed,
    onDiffer: (identities) => heads.askBack(identities.filter(isWatched)),
  })

  const isWatched = (identity: Identity): boolean => log.known(identity)?.watched === true

  /** While a set is being agreed on all of it is asked about. */
  const isAskedAbout = (identity: Identity): boolean =>
    isWatched(identity) && (mayAskAll() || expects(identity))

  function expects(identity: Identity): boolean {
    return levels.some(({ keys }) => hasIdentity(keys, identity)) && isWatched(identity)
  }

  // Beginning --------------------------------------------------------------------

  function pursue(goal: Goal): void {
    goals.push(goal)
    if (!client.busy) next()
  }

  function next(): void {
    const goal = goals.shift()
    if (goal === undefined) return
    const { keys, hash, own, stored } = goal
    if (stored?.mine !== false) current = { mine: true, keys, hash, theirs: null, own }
    client.start(goal)
  }

  /** All that we watch, as it was stored there and as it is now. */
  function wholeGoal(): Goal {
    const stored = log.lastSet(remote, true)
    const own = log.position().count
    if (stored === null) return newGoal(allWatched(), own, true)
    const flips = log.flipsSince(stored.own)
    const removed: number[] = []
    const added: Identity[] = []
    for (const { identity, watched } of flips) {
      const place = indexOfKey(stored.keys, identityKey(identity))
      if (watched && place < 0) added.push(identity)
      if (!watched && place >= 0) removed.push(place)
    }
    return changedGoal(
      stored,
      removed.sort((a, b) => a - b),
      keysOf(added),
      own,
      true,
    )
  }

  function changedGoal(
    stored: MetSet,
    removed: readonly number[],
    added: Uint8Array,
    own: number,
    isWhole: boolean,
  ): Goal {
    const keys = changedKeys(stored.keys, removed, added)
    const hash = keys === stored.keys ? stored.hash : hashKeys(keys, sha256)
    const isSmall = removed.length <= maxListedIds && keyCount(added) <= maxListedIds
    return isSmall ? { keys, hash, own, stored, removed, added, isWhole } : newGoal(keys, own, isWhole)
  }

  function newGoal(keys: Uint8Array, own: number, isWhole: boolean): Goal {
    return {
      keys,
      hash: hashKeys(keys, sha256),
      own,
      stored: null,
      removed: [],
      added: new Uint8Array(0),
      isWhole,
    }
  }

  function allWatched(): Uint8Array {
    const { keys, headless } = log.watchedHeads()
    return joinedSets(keys, headless)
  }

  /** The acceptor's: what it watches and the dialler does not. */
  function askForRest(): void {
    if (!mayAskAll()) {
      heads.refresh([remote])
      return
    }
    const own = log.position().count
    const all = allWatched()
    const rest = levels.reduce((left, { keys }) => taken(left, keyBytes, placesOutside(left, keys)), all)
    if (rest.length === 0) return
    const stored = log.lastSet(remote, true)
    if (stored === null) {
      pursue(newGoal(rest, own, false))
      return
    }
    const removed = placesOutside(stored.keys, rest)
    const added = placesOutside(rest, stored.keys)
    pursue(changedGoal(stored, removed, taken(rest, keyBytes, added), own, false))
  }

  function stopWaiting(): boolean {
    if (!isWaiting) return false
    isWaiting = false
    courtesy?.[Symbol.dispose]()
    return true
  }

  function startPlainly(): void {
    if (isPlain) return
    isPlain = true
    heads.start()
  }

  // Agreeing ---------------------------------------------------------------------

  /** The other side's set, or a question about ours. */
  function agreed({ keys, hash, stored, theirs, since, isMutual }: AgreedSet): void {
    givePositions(since)
    if (stored?.mine === true) return
    headsFeed.adopt(keys, null)
    const before = isMutual ? since : (stored?.own ?? 0)
    levels.push({ keys, own: since })
    tellSince(since)
    if (isMutual) {
      keep({ mine: false, hash, keys, theirs: null, own: since })
      know(hash, theirs)
    } else {
      keep({ mine: false, hash, keys, theirs: null, own: since })
      heads.askBack(flippedSince(before, keys))
      resumeBack({ keys, hash, own: since }, stored?.theirs ?? null, theirs)
    }
    note(keys, since)
    if (isMutual) tellDisputes(keys)
    if (stopWaiting()) askForRest()
  }

  function flippedSince(count: number, keys: Uint8Array): readonly Identity[] {
    return log
      .flipsSince(count)
      .filter(({ identity, watched }) => watched && hasIdentity(keys, identity))
      .map(({ identity }) => identity)
  }

  /** The other side knows our changes over its set; do we know its? */
  function resumeBack(
    set: Pick<Goal, 'keys' | 'hash' | 'own'>,
    known: LogPosition | null,
    theirs: LogPosition,
  ): void {
    if (known !== null && isEqual(known.log, theirs.log) && known.count === theirs.count) {
      know(set.hash, theirs)
      return
    }
    const stored: MetSet = { mine: false, keys: set.keys, hash: set.hash, theirs: known, own: set.own }
    pursue({ ...set, stored, removed: [], added: new Uint8Array(0), isWhole: false })
  }

  /** Ours over a goal, or the answer to `resumeBack`. */
  function reached(goal: Goal, theirs: LogPosition, isCompared: boolean): void {
    const { keys, hash, own, stored } = goal
    if (stored?.mine === false) {
      know(hash, theirs)
      if (isCompared) tellDisputes(keys)
    } else {
      headsFeed.adopt(keys, isDialler ? [session.dialler] : [])
      levels.push({ keys, own })
      tellSince(own)
      keep({ mine: true, hash, keys, theirs: null, own })
      know(hash, theirs)
      note(keys, own)
      if (isCompared) tellDisputes(keys)
      givePositions(own)
      // Watched while the set was on its way.
      heads.refresh(log.flipsSince(own).map(({ identity }) => identity))
    }
    next()
    settle()
  }

  function tellSince(count: number): void {
    const changes = log.changesSince(count, allChanges) ?? []
    if (changes.length > 0) headsFeed.changed(changes)
  }

  /** What both have is noted where that is cheap, and what is incomplete here is looked at anyway. */
  function note(keys: Uint8Array, own: number): void {
    const isFew = keyCount(keys) <= maxNoted
    const incomplete = log.incomplete().filter((identity) => hasIdentity(keys, identity))
    const identities = isFew ? identitiesOf(keys) : incomplete
    for (const record of store.headRecords(identities.filter(isWatched))) {
      const { identity } = record.head
      if (heads.head(identity) !== null || (log.known(identity)?.changed ?? 0) > own) continue
      if (isFew) heads.note(record)
    }
    for (const identity of incomplete) heads.look(identity)
  }

  /** Equal highest heads look the same however much is known of a dispute (C4): what proves it is told. */
  function tellDisputes(keys: Uint8Array): void {
    headsFeed.changed(log.incomplete().filter((identity) => hasIdentity(keys, identity)))
  }

  // Remembering ------------------------------------------------------------------

  function keep(set: MetSet): void {
    const known = sets.findIndex((other) => other.set.mine === set.mine && isEqual(other.set.hash, set.hash))
    if (known >= 0) sets.splice(known, 1)
    sets.push({ set, isSaved: true })
    // The set itself at once: whoever is cut off now need not name it again. What is known over it comes later.
    const before = log.metSet(remote, set.mine, set.hash)
    log.saveSet(remote, { ...set, theirs: before?.theirs ?? null, own: before?.own ?? set.own })
  }

  /** Their log is known up to there for that set, once what was told is in the store. */
  function know(hash: Uint8Array, theirs: LogPosition): void {
    for (const kept of sets) {
      if (!isEqual(kept.set.hash, hash)) continue
      kept.set = { ...kept.set, theirs }
      kept.isSaved = false
    }
    settle()
  }

  function settle(): void {
    if (!heads.isSettled || ports.isChecking()) return
    for (const kept of sets) {
      if (kept.isSaved) continue
      log.saveSet(remote, kept.set)
      kept.isSaved = true
    }
  }

  // Positions --------------------------------------------------------------------

  function givePositions(count: number): void {
    hasGivenPosition = true
    toldCount = Math.max(toldCount, count)
    coveredCount = Math.max(coveredCount, log.position().count)
    if (coveredCount > toldCount) positionSoon()
  }

  function positionSoon(): void {
    if (!hasGivenPosition || positionTimer !== null) return
    positionTimer = effects.after(isFirstPosition ? firstPositionMs : positionEveryMs, () => {
      positionTimer = null
      if (headsFeed.pending() > 0) {
        positionSoon()
        return
      }
      // Left out while it was blocked, and it is not any more: no position of now says so.
      const withheldIn = headsFeed.withheldIn()
      if (withheldIn !== null && withheldIn !== sharing.scope) return
      if (!isConcerned && coveredCount - toldCount < idleChanges) return
      isConcerned = false
      isFirstPosition = false
      toldCount = coveredCount
      const writer = createByteWriter(16)
      writePosition(writer, hideScope({ ...log.position(), count: toldCount }, sharing, sha256))
      effects.send({ type: 'position' }, writer.take())
    })
  }

  function takePosition(bytes: Uint8Array): void {
    const theirs = readPosition(createByteReader(bytes))
    if (theirs === null) {
      effects.end('bad-message')
      return
    }
    for (const kept of sets) {
      // A set whose changes were never asked for is not known by what came after them.
      if (kept.set.theirs === null) continue
      kept.set = { ...kept.set, theirs }
      kept.isSaved = false
    }
    settle()
  }

  return {
    start() {
      if (isDialler) {
        pursue(wholeGoal())
        return
      }
      isWaiting = true
      courtesy = effects.after(courtesyMs, () => {
        if (stopWaiting()) askForRest()
      })
    },
    receive(message, bytes) {
      switch (message.type) {
        case 'resume':
          source.resume(message, bytes)
          return true
        case 'compare':
          source.compare(message, bytes)
          return true
        case 'prints':
          source.prints(message, bytes)
          return true
        case 'getprints':
          source.getPrints(message, bytes)
          return true
        case 'list':
          source.list(message, bytes)
          return true
        case 'agree':
          source.agree(message, bytes)
          return true
        case 'position':
          takePosition(bytes)
          return true
        case 'credit':
          return source.credit(message.id, message.bytes)
        default:
          return false
      }
    },
    cancel: (id) => source.cancel(id),
    plain() {
      if (stopWaiting()) startPlainly()
    },
    covers(identity) {
      const level = levels.find(({ keys }) => hasIdentity(keys, identity))
      if (level === undefined) return goals.length > 0 || client.busy || isWaiting
      return (log.known(identity)?.flipped ?? 0) <= level.own
    },
    expects,
    head(identity) {
      const level = levels.find(({ keys }) => hasIdentity(keys, identity))
      const known = level === undefined ? null : log.known(identity)
      if (level === undefined || known === null || known.changed > level.own) return null
      return store.headRecords([identity])[0]?.head ?? null
    },
    changed(identities) {
      coveredCount = log.position().count
      for (const identity of identities) if (headsFeed.watches(identity)) isConcerned = true
      if (coveredCount > toldCount) positionSoon()
    },
    settle,
    incomplete: () =>
      levels.length === 0
        ? []
        : log.incomplete().filter((identity) => levels.some(({ keys }) => hasIdentity(keys, identity))),
    get busy() {
      return goals.length + (client.busy ? 1 : 0) + (isWaiting ? 1 : 0)
    },
    pull: () => source.pull(),
    [Symbol.dispose]() {
      settle()
      courtesy?.[Symbol.dispose]()
      positionTimer?.[Symbol.dispose]()
      client[Symbol.dispose]()
    },
  }
}
