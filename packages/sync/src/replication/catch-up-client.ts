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
  createByteReader,
  createByteWriter,
  type HeadRecord,
  type Identity,
  identityKey,
  type Sha256,
} from '@effigy/core'
import type { HeadLog, LogPosition, MetSet, Store, WatchedHeads } from '@effigy/store'
import { maxListedIds } from '../limits.ts'
import { listedBytes, readHeads, readIndexedHead, readPosition, writePosition } from '../messages-bytes.ts'
import { identityAt, keyBytes, keyCount } from '../reconcile/key-set.ts'
import {
  encodePrints,
  findPrints,
  maxFewPrints,
  printCount,
  printsOf,
  sortedPrints,
} from '../reconcile/prints.ts'
import type { Asked } from './asked.ts'
import { createCellsClient, type TakeAnswer } from './catch-up-cells.ts'
import type { Goal } from './catch-up-goals.ts'
import type { Effects } from './effects.ts'
import { hideScope } from './log-scope.ts'
import { listOf, ownHeads } from './own-heads.ts'
import type { Sharing } from './sharing.ts'

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

/** Ms for the first answer: who answers nothing at all is asked the plain way. */
const patienceMs = 5_000

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
    take: TakeAnswer,
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

  const cells = createCellsClient({
    store,
    sha256,
    effects,
    printKey: ports.printKey,
    open,
    cancel: (id) => asked.cancel(id),
    onHeads,
    listAll,
    list: (goal, listed, removed) => list(goal, listed, removed, false),
  })

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

  function compareOrList(goal: Goal, isSetKnown: boolean): void {
    const own = ownHeads(log, goal)
    const count = keyCount(own.keys)
    if (count > maxFewPrints)
      cells.compare(goal, own, isSetKnown && goal.removed.length + goal.added.length === 0)
    else if (count > maxShortList) sendPrints(goal, own)
    else listAll(goal)
  }

  function sendPrints(goal: Goal, own: WatchedHeads): void {
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
    const own = ownHeads(log, goal)
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
