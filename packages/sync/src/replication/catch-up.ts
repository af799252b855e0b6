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
import type { Message } from '../messages.ts'
import { readPosition } from '../messages-bytes.ts'
import { hasIdentity, identitiesOf, keyCount } from '../reconcile/key-set.ts'
import { printsLabel } from '../reconcile/prints.ts'
import type { Session } from '../session.ts'
import { type AgreedSets, createAgreedSets } from './agreed-sets.ts'
import type { Asked } from './asked.ts'
import { type CatchUpClient, createCatchUpClient } from './catch-up-client.ts'
import { createGoals, type Goal, type Goals } from './catch-up-goals.ts'
import { type AgreedSet, type CatchUpSource, createCatchUpSource } from './catch-up-source.ts'
import type { Effects, Outgoing, Producer } from './effects.ts'
import type { HeadsClient } from './heads-client.ts'
import type { HeadsFeed } from './heads-feed.ts'
import { isEqual } from './log-scope.ts'
import { createPositions, type Positions } from './positions.ts'
import type { Sharing } from './sharing.ts'

export interface CatchUpPorts {
  readonly store: Pick<Store, 'headRecords'>
  readonly headLog: HeadLog
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
  mayAskAll(): boolean
  /** Whether heads that came in other ways are still being checked. */
  isChecking(): boolean
  /** The other side hears a head of us whose entry is not here yet (G7). */
  onToldAhead(identity: Identity): void
  /** The other side's log goes on from where it was known: it is the one that it was, and has lost nothing (C3). */
  onContinued(): void
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
  return new SessionCatchUp(ports)
}

/** A class, because each session has one: closures alone were 3 KB (docs/decisions/0021-what-a-session-costs.md). */
class SessionCatchUp implements CatchUp {
  readonly #ports: CatchUpPorts
  readonly #remote: Identity
  readonly #isDialler: boolean
  readonly #levels: Level[] = []
  readonly #pending: Goal[] = []
  /** Ours that is being agreed on: the other side may ask about it before it has told us that it knows it. */
  #current: MetSet | null = null
  #isWaiting = false
  #isPlain = false
  #courtesy: Disposable | null = null
  readonly #positions: Positions
  #madeSets: AgreedSets | null = null
  #madePrintKey: Uint8Array | null = null
  #madeGoals: Goals | null = null
  #client: CatchUpClient | null = null
  #source: CatchUpSource | null = null

  constructor(ports: CatchUpPorts) {
    const { headLog: log, sha256, sharing, effects, headsFeed, session } = ports
    this.#ports = ports
    this.#remote = session.remote
    this.#isDialler = session.role === 'dialler'
    this.#positions = createPositions({ log, sha256, sharing, effects, headsFeed })
  }

  get #sets(): AgreedSets {
    const ports = this.#ports
    this.#madeSets ??= createAgreedSets({
      log: ports.headLog,
      remote: this.#remote,
      isSettled: () => ports.heads.isSettled() && !ports.isChecking(),
      effects: ports.effects,
    })
    return this.#madeSets
  }

  get #printKey(): Uint8Array {
    this.#madePrintKey ??= this.#ports.session.exporter(printsLabel)
    return this.#madePrintKey
  }

  get #goals(): Goals {
    const { headLog: log, sha256 } = this.#ports
    this.#madeGoals ??= createGoals(log, sha256, this.#remote)
    return this.#madeGoals
  }

  #getClient(): CatchUpClient {
    this.#client ??= this.#createClient()
    return this.#client
  }

  #createClient(): CatchUpClient {
    const { store, headLog: log, sha256, asked, effects, sharing, heads } = this.#ports
    return createCatchUpClient({
      store,
      log,
      sha256,
      asked,
      effects,
      sharing,
      printKey: this.#printKey,
      onHeads: (records) => heads.takeAll(records, (identity) => this.#isAskedAbout(identity)),
      onDone: (goal, theirs, isCompared) => this.#reached(goal, theirs, isCompared),
      onClosed: () => {
        this.#pending.length = 0
        this.#startPlainly()
      },
    })
  }

  #getSource(): CatchUpSource {
    this.#source ??= this.#createSource()
    return this.#source
  }

  #createSource(): CatchUpSource {
    const { headLog: log, sha256, effects, sharing, heads, headsFeed, isChosen } = this.#ports
    return createCatchUpSource({
      log,
      sha256,
      effects,
      sharing,
      remote: this.#remote,
      printKey: this.#printKey,
      serves: () => isChosen || sharing.reconciles,
      mayCompareAll: () => isChosen || sharing.trustsWants,
      tell: (identities) => headsFeed.tell(identities),
      offered: (hash) => {
        const current = this.#current
        return current !== null && isEqual(current.hash, hash) ? current : null
      },
      onSet: (set) => this.#agreed(set),
      onDiffer: (identities) => heads.askBack(identities.filter((identity) => this.#isWatched(identity))),
    })
  }

  #isAsking(): boolean {
    return this.#client?.busy === true
  }

  #isWatched(identity: Identity): boolean {
    return this.#ports.headLog.known(identity)?.watched === true
  }

  /** While a set is being agreed on all of it is asked about. */
  #isAskedAbout(identity: Identity): boolean {
    return this.#isWatched(identity) && (this.#ports.mayAskAll() || this.expects(identity))
  }

  expects(identity: Identity): boolean {
    return this.#levels.some(({ keys }) => hasIdentity(keys, identity)) && this.#isWatched(identity)
  }

  // Beginning --------------------------------------------------------------------

  #pursue(goal: Goal | null): void {
    if (goal === null) return
    this.#pending.push(goal)
    if (!this.#isAsking()) this.#next()
  }

  #next(): void {
    const goal = this.#pending.shift()
    if (goal === undefined) return
    const { keys, hash, own, stored } = goal
    if (stored?.mine !== false) this.#current = { mine: true, keys, hash, theirs: null, own }
    this.#getClient().start(goal)
  }

  #begin(): void {
    if (this.#ports.mayAskAll()) this.#pursue(this.#goals.whole())
    else this.#ports.heads.refresh([this.#remote])
  }

  /** The acceptor's: what it watches and the dialler does not. */
  #askForRest(): void {
    if (this.#ports.mayAskAll()) this.#pursue(this.#goals.rest(this.#levels.map(({ keys }) => keys)))
    else this.#ports.heads.refresh([this.#remote])
  }

  #stopWaiting(): boolean {
    if (!this.#isWaiting) return false
    this.#isWaiting = false
    this.#courtesy?.[Symbol.dispose]()
    return true
  }

  #startPlainly(): void {
    if (this.#isPlain) return
    this.#isPlain = true
    // A hub would go through the feeds of all its members for each who names what they watch.
    if (this.#ports.mayAskAll()) this.#ports.heads.start()
    else this.#ports.heads.refresh([this.#remote])
  }

  // Agreeing ---------------------------------------------------------------------

  /** The other side's set, or a question about ours. */
  #agreed({ keys, hash, stored, theirs, since, isMutual }: AgreedSet): void {
    this.#positions.give(since)
    if (stored?.mine === true) return
    this.#ports.headsFeed.adopt(keys, null)
    this.#levels.push({ keys, own: since })
    this.#tellSince(since)
    this.#sets.keep({ mine: false, hash, keys, own: since })
    if (isMutual) {
      this.#sets.know(hash, theirs)
    } else {
      this.#ports.heads.askBack(this.#flippedSince(stored?.own ?? 0, keys))
      // The other side knows our changes over its set; do we know its?
      const goal = this.#goals.back({ keys, hash, own: since }, stored?.theirs ?? null, theirs)
      if (goal === null) {
        this.#sets.know(hash, theirs)
        // At the very position that we knew.
        this.#ports.onContinued()
      }
      this.#pursue(goal)
    }
    this.#note(keys, since)
    if (isMutual) this.#tellDisputes(keys)
    if (this.#stopWaiting()) this.#askForRest()
  }

  #flippedSince(count: number, keys: Uint8Array): readonly Identity[] {
    return this.#ports.headLog
      .flipsSince(count)
      .filter(({ identity, watched }) => watched && hasIdentity(keys, identity))
      .map(({ identity }) => identity)
  }

  /** Ours over a goal, or what we wanted to know in turn. */
  #reached({ keys, hash, own, stored }: Goal, theirs: AgreedSet['theirs'], isCompared: boolean): void {
    if (stored?.mine === false) {
      this.#sets.know(hash, theirs)
      if (isCompared) this.#tellDisputes(keys)
    } else {
      this.#ports.headsFeed.adopt(keys, this.#isDialler ? [this.#ports.session.dialler] : [])
      this.#levels.push({ keys, own })
      this.#tellSince(own)
      this.#sets.keep({ mine: true, hash, keys, own })
      this.#sets.know(hash, theirs)
      this.#note(keys, own)
      if (isCompared) this.#tellDisputes(keys)
      this.#positions.give(own)
      // Watched while the set was on its way.
      this.#ports.heads.refresh(this.#ports.headLog.flipsSince(own).map(({ identity }) => identity))
    }
    // It answered over a position that it gave out once.
    if (!isCompared) this.#ports.onContinued()
    this.#next()
    this.#madeSets?.settle()
  }

  #tellSince(count: number): void {
    const changes = this.#ports.headLog.changesSince(count, allChanges) ?? []
    if (changes.length > 0) this.#ports.headsFeed.changed(changes)
  }

  /** What both have is noted where that is cheap, and what is incomplete here is looked at anyway. */
  #note(keys: Uint8Array, own: number): void {
    const isFew = keyCount(keys) <= maxNoted
    const incomplete = this.#ports.headLog.incomplete().filter((identity) => hasIdentity(keys, identity))
    const identities = isFew ? identitiesOf(keys) : incomplete
    for (const record of this.#ports.store.headRecords(
      identities.filter((identity) => this.#isWatched(identity)),
    )) {
      const { identity } = record.head
      if (
        this.#ports.heads.head(identity) !== null ||
        (this.#ports.headLog.known(identity)?.changed ?? 0) > own
      )
        continue
      if (isFew) this.#ports.heads.note(record)
    }
    for (const identity of incomplete) this.#ports.heads.look(identity)
    this.#askLater(incomplete)
  }

  /** G7: whoever was behind has these heads of us now, and says no more that it has their entries when it does. */
  #askLater(incomplete: readonly Identity[]): void {
    for (const { head } of this.#ports.store.headRecords(incomplete)) {
      const told = this.#ports.heads.head(head.identity)
      if (told !== null && told.head !== head.head) this.#ports.onToldAhead(head.identity)
    }
  }

  /** Equal highest heads look the same however much is known of a dispute (C4): what proves it is told. */
  #tellDisputes(keys: Uint8Array): void {
    this.#ports.headsFeed.changed(
      this.#ports.headLog.incomplete().filter((identity) => hasIdentity(keys, identity)),
    )
  }

  #takePosition(bytes: Uint8Array): void {
    const theirs = readPosition(createByteReader(bytes))
    if (theirs === null) this.#ports.effects.end('bad-message')
    else this.#madeSets?.knowAll(theirs)
  }

  start(): void {
    if (this.#isDialler) {
      this.#begin()
      return
    }
    this.#isWaiting = true
    this.#courtesy = this.#ports.effects.after(courtesyMs, () => {
      this.#courtesy = null
      if (this.#stopWaiting()) this.#askForRest()
    })
  }

  receive(message: Message, bytes: Uint8Array): boolean {
    switch (message.type) {
      case 'resume':
        this.#getSource().resume(message, bytes)
        return true
      case 'compare':
        this.#getSource().compare(message, bytes)
        return true
      case 'prints':
        this.#getSource().prints(message, bytes)
        return true
      case 'getprints':
        this.#getSource().getPrints(message, bytes)
        return true
      case 'list':
        this.#getSource().list(message, bytes)
        return true
      case 'agree':
        this.#getSource().agree(message, bytes)
        return true
      case 'position':
        this.#takePosition(bytes)
        return true
      case 'credit':
        return this.#source?.credit(message.id, message.bytes) ?? false
      default:
        return false
    }
  }

  cancel(id: number): void {
    this.#source?.cancel(id)
  }

  plain(): void {
    if (this.#stopWaiting()) this.#startPlainly()
  }

  covers(identity: Identity): boolean {
    const level = this.#levels.find(({ keys }) => hasIdentity(keys, identity))
    if (level === undefined) return this.#pending.length > 0 || this.#isAsking() || this.#isWaiting
    return !this.#ports.headLog.hasFlipped(identity, level.own)
  }

  head(identity: Identity): HeadRecord['head'] | null {
    const level = this.#levels.find(({ keys }) => hasIdentity(keys, identity))
    const known = level === undefined ? null : this.#ports.headLog.known(identity)
    if (level === undefined || known === null || known.changed > level.own) return null
    return this.#ports.store.headRecords([identity])[0]?.head ?? null
  }

  changed(identities: Iterable<Identity>): void {
    this.#positions.changed(identities)
  }

  settle(): void {
    this.#madeSets?.settle()
  }

  incomplete(): readonly Identity[] {
    return this.#levels.length === 0
      ? []
      : this.#ports.headLog
          .incomplete()
          .filter((identity) => this.#levels.some(({ keys }) => hasIdentity(keys, identity)))
  }

  get busy(): number {
    return this.#pending.length + (this.#isAsking() ? 1 : 0) + (this.#isWaiting ? 1 : 0)
  }

  pull(): Outgoing | null {
    return this.#source?.pull() ?? null
  }

  [Symbol.dispose](): void {
    this.#courtesy?.[Symbol.dispose]()
    this.#positions[Symbol.dispose]()
    this.#client?.[Symbol.dispose]()
    // Last: a store that is full fails here.
    this.#madeSets?.[Symbol.dispose]()
  }
}
