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
import { createByteReader, type HeadRecord, type Identity, type Sha256 } from '@effigy/core'
import type { HeadLog, MetSet, Store } from '@effigy/store'
import { Lazy } from '../lazy.ts'
import type { Message } from '../messages.ts'
import { readPosition } from '../messages-bytes.ts'
import { hasIdentity, identitiesOf, keyCount } from '../reconcile/key-set.ts'
import { printsLabel } from '../reconcile/prints.ts'
import type { Session } from '../session.ts'
import { createAgreedSets } from './agreed-sets.ts'
import type { Asked } from './asked.ts'
import { createCatchUpClient } from './catch-up-client.ts'
import { createGoals, type Goal } from './catch-up-goals.ts'
import { type AgreedSet, createCatchUpSource } from './catch-up-source.ts'
import type { Effects, Producer } from './effects.ts'
import type { HeadsClient } from './heads-client.ts'
import type { HeadsFeed } from './heads-feed.ts'
import { isEqual } from './log-scope.ts'
import { createPositions } from './positions.ts'
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
  /** Whether we chose the other side: our hub, or an address that a person gave (C1). */
  readonly isChosen: boolean
  /** Whether the other side may learn all that we watch (T30). */
  readonly mayAskAll: () => boolean
  /** Whether heads that came in other ways are still being checked. */
  readonly isChecking: () => boolean
  /** The other side's log goes on from where it was known: it is the one that it was, and has lost nothing (C3). */
  readonly onContinued: () => void
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
  const { store, log, sha256, session, asked, effects, sharing, heads, headsFeed, isChosen, mayAskAll } =
    ports
  const { remote } = session
  const isDialler = session.role === 'dialler'
  const printKey = new Lazy(() => session.exporter(printsLabel))
  const levels: Level[] = []
  const pending: Goal[] = []
  /** Ours that is being agreed on: the other side may ask about it before it has told us that it knows it. */
  let current: MetSet | null = null
  let isWaiting = false
  let isPlain = false
  let courtesy: Disposable | null = null

  const goals = new Lazy(() => createGoals(log, sha256, remote))
  const positions = createPositions({ log, sha256, sharing, effects, headsFeed })
  const sets = createAgreedSets({
    log,
    remote,
    isSettled: () => heads.isSettled() && !ports.isChecking(),
  })

  const client = new Lazy(() =>
    createCatchUpClient({
      store,
      log,
      sha256,
      asked,
      effects,
      sharing,
      printKey: printKey.get(),
      onHeads: (records) => heads.takeAll(records, isAskedAbout),
      onDone: reached,
      onClosed() {
        pending.length = 0
        startPlainly()
      },
    }),
  )

  const source = new Lazy(() =>
    createCatchUpSource({
      log,
      sha256,
      effects,
      sharing,
      remote,
      printKey: printKey.get(),
      serves: () => isChosen || sharing.reconciles,
      mayCompareAll: () => isChosen || sharing.trustsWants,
      tell: headsFeed.tell,
      offered: (hash) => (current !== null && isEqual(current.hash, hash) ? current : null),
      onSet: agreed,
      onDiffer: (identities) => heads.askBack(identities.filter(isWatched)),
    }),
  )

  const isAsking = (): boolean => client.made?.busy === true

  const isWatched = (identity: Identity): boolean => log.known(identity)?.watched === true

  /** While a set is being agreed on all of it is asked about. */
  const isAskedAbout = (identity: Identity): boolean =>
    isWatched(identity) && (mayAskAll() || expects(identity))

  function expects(identity: Identity): boolean {
    return levels.some(({ keys }) => hasIdentity(keys, identity)) && isWatched(identity)
  }

  // Beginning --------------------------------------------------------------------

  function pursue(goal: Goal | null): void {
    if (goal === null) return
    pending.push(goal)
    if (!isAsking()) next()
  }

  function next(): void {
    const goal = pending.shift()
    if (goal === undefined) return
    const { keys, hash, own, stored } = goal
    if (stored?.mine !== false) current = { mine: true, keys, hash, theirs: null, own }
    client.get().start(goal)
  }

  function begin(): void {
    if (mayAskAll()) pursue(goals.get().whole())
    else heads.refresh([remote])
  }

  /** The acceptor's: what it watches and the dialler does not. */
  function askForRest(): void {
    if (mayAskAll()) pursue(goals.get().rest(levels.map(({ keys }) => keys)))
    else heads.refresh([remote])
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
    positions.give(since)
    if (stored?.mine === true) return
    headsFeed.adopt(keys, null)
    levels.push({ keys, own: since })
    tellSince(since)
    sets.keep({ mine: false, hash, keys, own: since })
    if (isMutual) {
      sets.know(hash, theirs)
    } else {
      heads.askBack(flippedSince(stored?.own ?? 0, keys))
      // The other side knows our changes over its set; do we know its?
      const goal = goals.get().back({ keys, hash, own: since }, stored?.theirs ?? null, theirs)
      if (goal === null) {
        sets.know(hash, theirs)
        // At the very position that we knew.
        ports.onContinued()
      }
      pursue(goal)
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

  /** Ours over a goal, or what we wanted to know in turn. */
  function reached(
    { keys, hash, own, stored }: Goal,
    theirs: AgreedSet['theirs'],
    isCompared: boolean,
  ): void {
    if (stored?.mine === false) {
      sets.know(hash, theirs)
      if (isCompared) tellDisputes(keys)
    } else {
      headsFeed.adopt(keys, isDialler ? [session.dialler] : [])
      levels.push({ keys, own })
      tellSince(own)
      sets.keep({ mine: true, hash, keys, own })
      sets.know(hash, theirs)
      note(keys, own)
      if (isCompared) tellDisputes(keys)
      positions.give(own)
      // Watched while the set was on its way.
      heads.refresh(log.flipsSince(own).map(({ identity }) => identity))
    }
    // It answered over a position that it gave out once.
    if (!isCompared) ports.onContinued()
    next()
    sets.settle()
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

  function takePosition(bytes: Uint8Array): void {
    const theirs = readPosition(createByteReader(bytes))
    if (theirs === null) effects.end('bad-message')
    else sets.knowAll(theirs)
  }

  return {
    start() {
      if (isDialler) {
        begin()
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
          source.get().resume(message, bytes)
          return true
        case 'compare':
          source.get().compare(message, bytes)
          return true
        case 'prints':
          source.get().prints(message, bytes)
          return true
        case 'getprints':
          source.get().getPrints(message, bytes)
          return true
        case 'list':
          source.get().list(message, bytes)
          return true
        case 'agree':
          source.get().agree(message, bytes)
          return true
        case 'position':
          takePosition(bytes)
          return true
        case 'credit':
          return source.made?.credit(message.id, message.bytes) ?? false
        default:
          return false
      }
    },
    cancel: (id) => source.made?.cancel(id),
    plain() {
      if (stopWaiting()) startPlainly()
    },
    covers(identity) {
      const level = levels.find(({ keys }) => hasIdentity(keys, identity))
      if (level === undefined) return pending.length > 0 || isAsking() || isWaiting
      return (log.known(identity)?.flipped ?? 0) <= level.own
    },
    expects,
    head(identity) {
      const level = levels.find(({ keys }) => hasIdentity(keys, identity))
      const known = level === undefined ? null : log.known(identity)
      if (level === undefined || known === null || known.changed > level.own) return null
      return store.headRecords([identity])[0]?.head ?? null
    },
    changed: positions.changed,
    settle: sets.settle,
    incomplete: () =>
      levels.length === 0
        ? []
        : log.incomplete().filter((identity) => levels.some(({ keys }) => hasIdentity(keys, identity))),
    get busy() {
      return pending.length + (isAsking() ? 1 : 0) + (isWaiting ? 1 : 0)
    },
    pull: () => source.made?.pull() ?? null,
    [Symbol.dispose]() {
      sets.settle()
      courtesy?.[Symbol.dispose]()
      positions[Symbol.dispose]()
      client.made?.[Symbol.dispose]()
    },
  }
}
