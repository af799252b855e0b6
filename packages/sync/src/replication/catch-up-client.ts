/**
 * The side that asks when it comes up to date (spec C): the cheapest way that fits, and the next one where
 * that is closed.
 *
 *     stored set, position known ─▶ resume
 *              │ unlike
 *              ├─ few or no heads ─▶ list ──────────────────────┐
 *              ├─ up to 256 ───────▶ prints ─▶ list the others ─┼─▶ agree ─▶ done
 *              └─ more ─▶ compare ─▶ cells ─▶ getprints, list ──┘
 *                            └ not decoded, not the same hash ─▶ list
 *
 * @module
 */
import {
  compareHeads,
  createByteReader,
  createByteWriter,
  type Head,
  type HeadRecord,
  type Identity,
  identityKey,
  identityOfKey,
  type Sha256,
} from '@effigy/core'
import type { HeadLog, LogPosition, MetSet, Store } from '@effigy/store'
import { maxListedIds } from '../limits.ts'
import {
  hashBytes,
  listedBytes,
  readHeads,
  readIndexedHead,
  readPosition,
  writePosition,
} from '../messages-bytes.ts'
import { createCellMaker, maxCells } from '../reconcile/cells.ts'
import { identityAt, indexOfKey, keyAt, keyBytes, keyCount } from '../reconcile/key-set.ts'
import { createPeeler, type Peeler } from '../reconcile/peel.ts'
import {
  changedPrints,
  digestBytes,
  encodePrints,
  findPrints,
  hashPrints,
  maxFewPrints,
  type Prints,
  printCount,
  printsOf,
  sortedPrints,
} from '../reconcile/prints.ts'
import type { AnswerMessage, Asked } from './asked.ts'
import { cellCredit, firstCells } from './catch-up-source.ts'
import type { Effects } from './effects.ts'
import { hideScope, isEqual, taken } from './log-scope.ts'
import type { Sharing } from './sharing.ts'

/** A set to come up to date over. */
export interface Goal {
  /** Sorted. */
  readonly keys: Uint8Array
  readonly hash: Uint8Array
  /** Count of our log when the set was made and its heads were looked up. */
  readonly own: number
  /** The set as it is stored, here or there, before `removed` (indexes into it) and `added`; null: nothing is. */
  readonly stored: MetSet | null
  readonly removed: readonly number[]
  readonly added: Uint8Array
  /** All that we watch. */
  readonly isWhole: boolean
}

export interface CatchUpClientPorts {
  readonly store: Pick<Store, 'headRecords'>
  readonly log: HeadLog
  readonly sha256: Sha256
  readonly asked: Asked
  readonly effects: Pick<Effects, 'send' | 'after' | 'end'>
  readonly sharing: Sharing
  readonly printKey: Uint8Array
  /** Heads came, of identities that we may have asked about: they are checked and taken. */
  readonly onHeads: (records: readonly HeadRecord[]) => void
  /**
   * Over this set, the other side's log is known up to there; what it told is being taken. `isCompared`: heads were
   * compared; else what changed was told.
   */
  readonly onDone: (goal: Goal, theirs: LogPosition, isCompared: boolean) => void
  /** No way is open: the plain one is left. */
  readonly onClosed: () => void
}

export interface CatchUpClient extends Disposable {
  /** One at a time. */
  start(goal: Goal): void
  readonly busy: boolean
}

/** C5: so many fit one packet or two as a list, which saves a round trip. */
const maxShortList = 32

/** Lists under way at once. */
const maxOpenListsSent = 8

/** Cells that are asked for when those before did not do. */
const nextCells: readonly number[] = [512, 1024, maxCells - firstCells - 512 - 1024]

/** Ms for the first answer: who answers nothing at all is asked the plain way. */
const patienceMs = 5_000

/** One that was decoded. */
interface Comparison {
  readonly goal: Goal
  readonly own: OwnHeads
  readonly prints: Prints
  /** Over a stored set, not over all that the other side watches. */
  readonly isScoped: boolean
}

interface OwnHeads {
  readonly keys: Uint8Array
  readonly digests: Uint8Array
  /** Keys of the others. */
  readonly headless: Uint8Array
}

export function createCatchUpClient(ports: CatchUpClientPorts): CatchUpClient {
  const { store, log, sha256, asked, effects, sharing, onHeads } = ports
  let isBusy = false
  let isHeard = false
  let isDisposed = false
  let patience: Disposable | null = null
  /** Counts attempts: an answer to one that was given up is nobody's. */
  let attempt = 0

  function open(
    request: Parameters<Asked['open']>[0],
    bytes: Parameters<Asked['open']>[1],
    take: Take,
  ): number {
    const current = attempt
    return asked.open(request, bytes, (answer, answerBytes) => {
      isHeard = true
      patience?.[Symbol.dispose]()
      if (current !== attempt || isDisposed) return
      if (answer.type === 'error') close()
      else take(answer, answerBytes)
    })
  }

  function close(): void {
    attempt++
    isBusy = false
    ports.onClosed()
  }

  function done(goal: Goal, theirs: LogPosition, isCompared: boolean): void {
    attempt++
    isBusy = false
    ports.onDone(goal, theirs, isCompared)
  }

  const bad = (): void => effects.end('bad-message')

  // Resume ----------------------------------------------------------------------

  function resume(goal: Goal, stored: MetSet, known: LogPosition): void {
    const writer = createByteWriter(64)
    writer.bytes(stored.hash)
    writePosition(writer, known)
    writePosition(writer, hideScope(log.position(), sharing, sha256))
    for (const place of goal.removed) writer.varint(place)
    writer.bytes(goal.added)
    const counts = { removed: goal.removed.length, added: keyCount(goal.added) }
    open({ type: 'resume', ...counts }, writer.take(), (answer, bytes) => {
      if (answer.type === 'unlike') compareOrList(goal, answer.reason !== 'unknown-set')
      else if (answer.type === 'resumed') takeResumed(goal, answer, bytes)
      else bad()
    })
  }

  function takeResumed(goal: Goal, { count, end }: { count: number; end: boolean }, bytes: Uint8Array): void {
    const reader = createByteReader(bytes)
    const theirs = readPosition(reader)
    const records: HeadRecord[] = []
    for (let index = 0; index < count; index++) {
      const record = readIndexedHead(reader, (place) => identityAt(goal.keys, place))
      if (record === null) {
        bad()
        return
      }
      records.push(record)
    }
    if (theirs === null || reader.left > 0) {
      bad()
      return
    }
    onHeads(records)
    if (end) done(goal, theirs, false)
  }

  // First time, or anew -----------------------------------------------------------

  /** Our heads over the goal's set, as they are now. */
  function ownHeads({ keys, isWhole }: Goal): OwnHeads {
    const all = log.watchedHeads()
    if (isWhole && keyCount(all.keys) + keyCount(all.headless) === keyCount(keys)) return all
    const within = (list: Uint8Array): number[] => {
      const places: number[] = []
      for (let index = 0; index < keyCount(list); index++) {
        if (indexOfKey(keys, keyAt(list, index)) >= 0) places.push(index)
      }
      return places
    }
    const places = within(all.keys)
    return {
      keys: taken(all.keys, keyBytes, places),
      digests: taken(all.digests, digestBytes, places),
      headless: taken(all.headless, keyBytes, within(all.headless)),
    }
  }

  function compareOrList(goal: Goal, isSetKnown: boolean): void {
    const own = ownHeads(goal)
    const count = keyCount(own.keys)
    if (count > maxFewPrints) compare(goal, own, isSetKnown && goal.removed.length + goal.added.length === 0)
    else if (count > maxShortList) sendPrints(goal, own)
    else listAll(goal)
  }

  function sendPrints(goal: Goal, own: OwnHeads): void {
    const prints = printsOf(ports.printKey, own.digests)
    const sorted = sortedPrints(prints)
    const places = findPrints(prints, sorted)
    open({ type: 'prints', count: printCount(sorted) }, encodePrints(sorted), (answer, bytes) => {
      if (answer.type === 'unlike') {
        listAll(goal)
        return
      }
      if (answer.type !== 'unmatched') {
        bad()
        return
      }
      const unmatched = new Set(bytes)
      const left = [...places].filter((_, index) => unmatched.has(index))
      list(goal, listOf(own, left, own.headless), [], false)
    })
  }

  function listAll(goal: Goal): void {
    const own = ownHeads(goal)
    const everything = Array.from({ length: keyCount(own.keys) }, (_, index) => index)
    list(goal, listOf(own, everything, own.headless), [], true)
  }

  /** Sends the list, then agrees on the whole set, of which the other side leaves out `removed`. */
  function list(goal: Goal, listed: Uint8Array, removed: readonly Identity[], isWhole: boolean): void {
    const step = maxListedIds * listedBytes
    let next = 0
    let pending = 0
    let isFirst = isWhole
    const more = (): void => {
      while ((next < listed.length || isFirst) && pending < maxOpenListsSent) {
        const part = listed.subarray(next, next + step)
        next += part.length
        pending++
        const count = part.length / listedBytes
        open({ type: 'list', count, first: isFirst }, part, (answer, answerBytes) => {
          if (answer.type === 'unlike') {
            close()
            return
          }
          const records = answer.type === 'lastknownheads' ? readHeads(answerBytes, answer.count) : null
          if (records === null || answer.type !== 'lastknownheads') {
            bad()
            return
          }
          onHeads(records)
          if (!answer.end) return
          pending--
          more()
        })
        isFirst = false
      }
      if (pending === 0 && next >= listed.length) agree(goal, removed, isWhole)
    }
    more()
  }

  function agree(goal: Goal, removed: readonly Identity[], wasWhole: boolean): void {
    const writer = createByteWriter(32 + removed.length * keyBytes)
    writer.bytes(goal.hash)
    writePosition(writer, hideScope({ ...log.position(), count: goal.own }, sharing, sha256))
    for (const identity of removed) writer.bytes(identityKey(identity))
    open({ type: 'agree', removed: removed.length }, writer.take(), (answer, bytes) => {
      if (answer.type === 'unlike') {
        // Some of what was compared is not what it seemed: told in full there can be no doubt.
        if (wasWhole) close()
        else listAll(goal)
        return
      }
      const theirs = answer.type === 'agreed' ? readPosition(createByteReader(bytes)) : null
      if (theirs === null) bad()
      else done(goal, theirs, true)
    })
  }

  // Cells -------------------------------------------------------------------------

  function compare(goal: Goal, own: OwnHeads, isScoped: boolean): void {
    const prints = printsOf(ports.printKey, own.digests)
    let peeler: Peeler | null = null
    let hash: Uint8Array | null = null
    let step = 0
    let granted = firstCells
    const bytes = isScoped && goal.stored !== null ? goal.stored.hash : new Uint8Array(0)
    const giveUp = (id: number): void => {
      asked.cancel(id)
      listAll(goal)
    }
    const id = open({ type: 'compare', size: printCount(prints) }, bytes, (answer, answerBytes) => {
      if (answer.type === 'unlike') {
        listAll(goal)
        return
      }
      if (answer.type !== 'cells') {
        bad()
        return
      }
      peeler ??= createPeeler(createCellMaker(prints), answer.size)
      hash ??= answerBytes.slice(0, hashBytes)
      if (peeler.received + answer.count > granted) {
        bad()
        return
      }
      const state = peeler.take(answerBytes.subarray(hashBytes), answer.count)
      if (state === 'failed') {
        giveUp(id)
        return
      }
      if (state === 'done') {
        asked.cancel(id)
        decoded({ goal, own, prints, isScoped }, peeler, hash)
        return
      }
      if (answer.end) {
        listAll(goal)
        return
      }
      const more = nextCells[step]
      if (peeler.received < granted || more === undefined) return
      step++
      granted += more
      effects.send({ type: 'credit', id, bytes: more * cellCredit })
    })
  }

  function decoded(comparison: Comparison, { ours, theirs }: Peeler, hash: Uint8Array): void {
    const { goal, prints } = comparison
    const places = findPrints(prints, ours)
    const isOurs = places.every((at) => at >= 0)
    // C7: whatever went wrong with the cells, it shows here.
    const whole = isOurs ? hashPrints(changedPrints(prints, new Set(places), theirs), sha256) : null
    if (whole === null || !isEqual(whole, hash)) {
      listAll(goal)
      return
    }
    const differing = new Set(places)
    if (printCount(theirs) === 0) {
      settle(comparison, differing, [])
      return
    }
    const told: HeadRecord[] = []
    let pending = 0
    for (let first = 0; first < printCount(theirs); first += maxListedIds) {
      const part = theirs.slice(first * 2, (first + maxListedIds) * 2)
      pending++
      open({ type: 'getprints', count: part.length / 2 }, encodePrints(part), (answer, bytes) => {
        const records = answer.type === 'lastknownheads' ? readHeads(bytes, answer.count) : null
        if (records === null || answer.type !== 'lastknownheads') {
          bad()
          return
        }
        told.push(...records)
        if (told.length > printCount(theirs) * maxProofsEach) {
          bad()
          return
        }
        onHeads(records)
        if (answer.end && --pending === 0) settle(comparison, differing, told)
      })
    }
  }

  /** What we alone have is listed, and what they alone have and we do not watch is left out. */
  function settle(
    { goal, own, isScoped }: Comparison,
    differing: ReadonlySet<number>,
    told: readonly HeadRecord[],
  ): void {
    const theirs = new Map<Identity, Head>()
    const removed: Identity[] = []
    for (const { head } of told) {
      const { identity } = head
      if (theirs.has(identity)) continue
      theirs.set(identity, head)
      if (indexOfKey(goal.keys, identityKey(identity)) < 0) removed.push(identity)
    }
    const ourHead = (key: Uint8Array): Head | null => store.headRecords([identityOfKey(key)])[0]?.head ?? null
    const isNewer = (key: Uint8Array): boolean => {
      const known = theirs.get(identityOfKey(key))
      const head = known === undefined ? null : ourHead(key)
      return known === undefined || head === null || compareHeads(head, known) > 0
    }
    const left = [...differing].filter((at) => isNewer(keyAt(own.keys, at)))
    // Of a stored set both know every member, with or without a head.
    list(goal, listOf(own, left, isScoped ? new Uint8Array(0) : own.headless), removed, false)
  }

  return {
    start(goal) {
      attempt++
      isBusy = true
      if (!isHeard) patience ??= effects.after(patienceMs, () => void (isHeard || close()))
      const { stored } = goal
      if (stored?.theirs != null) resume(goal, stored, stored.theirs)
      else compareOrList(goal, stored !== null)
    },
    get busy() {
      return isBusy
    },
    [Symbol.dispose]() {
      isDisposed = true
      patience?.[Symbol.dispose]()
    },
  }
}

type Take = (answer: Exclude<AnswerMessage, { readonly type: 'error' }>, bytes: Uint8Array) => void

/** F9: the highest, and two records an epoch of four. */
const maxProofsEach = 10

/** C5: those of our heads, and keys of feeds without one. */
function listOf({ keys, digests }: OwnHeads, places: readonly number[], headless: Uint8Array): Uint8Array {
  const listed = new Uint8Array((places.length + keyCount(headless)) * listedBytes)
  let at = 0
  for (const place of places) {
    listed.set(keyAt(keys, place), at)
    listed.set(digests.subarray(place * digestBytes, place * digestBytes + tagBytes), at + keyBytes)
    at += listedBytes
  }
  for (let index = 0; index < keyCount(headless); index++, at += listedBytes)
    listed.set(keyAt(headless, index), at)
  return listed
}

/** Of a digest, in a list. */
const tagBytes: number = listedBytes - keyBytes
