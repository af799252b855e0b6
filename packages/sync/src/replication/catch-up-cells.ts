/**
 * Compares many heads by a rateless table of cells (spec C6, C7): the side that asks.
 *
 *     compare ─▶ cells …, more for credit ─▶ peeled ─hash over all prints─▶ getprints, list
 *                                               └ not decoded, not the same hash ─▶ list of everything
 *
 * @module
 */
import {
  compareHeads,
  type Head,
  type HeadRecord,
  type Identity,
  identityKey,
  identityOfKey,
  type Sha256,
} from '@effigy/core'
import type { Store, WatchedHeads } from '@effigy/store'
import { maxListedIds } from '../limits.ts'
import { hashBytes, readHeads } from '../messages-bytes.ts'
import { cellCredit, createCellMaker, firstCells, maxCells } from '../reconcile/cells.ts'
import { indexOfKey, keyAt } from '../reconcile/key-set.ts'
import { createPeeler, type Peeler } from '../reconcile/peel.ts'
import {
  changedPrints,
  encodePrints,
  findPrints,
  hashPrints,
  type Prints,
  printCount,
  printsOf,
} from '../reconcile/prints.ts'
import type { AnswerMessage, Asked } from './asked.ts'
import type { Goal } from './catch-up-goals.ts'
import type { Effects } from './effects.ts'
import { isEqual } from './log-scope.ts'
import { listOf } from './own-heads.ts'

export type TakeAnswer = (
  answer: Exclude<AnswerMessage, { readonly type: 'error' }>,
  bytes: Uint8Array,
) => void

export interface CellsClientPorts {
  readonly store: Pick<Store, 'headRecords'>
  readonly sha256: Sha256
  readonly effects: Pick<Effects, 'send' | 'end'>
  readonly printKey: Uint8Array
  /** Asks, and hears no errors; gives the request's id. */
  readonly open: (
    request: Parameters<Asked['open']>[0],
    bytes: Parameters<Asked['open']>[1],
    take: TakeAnswer,
  ) => number
  readonly cancel: (id: number) => void
  readonly onHeads: (records: readonly HeadRecord[]) => void
  /** The next way. */
  readonly listAll: (goal: Goal) => void
  /** Lists what differs, then agrees on the set, of which the other side leaves out `removed`. */
  readonly list: (goal: Goal, listed: Uint8Array, removed: readonly Identity[]) => void
}

export interface CellsClient {
  /** `isScoped`: over a stored set, not over all that the other side watches. */
  compare(goal: Goal, own: WatchedHeads, isScoped: boolean): void
}

/** Cells that are asked for when those before did not do. */
const nextCells: readonly number[] = [512, 1024, maxCells - firstCells - 512 - 1024]

/** F9: the highest, and two records an epoch of four. */
const maxProofsEach = 10

/** One that was decoded. */
interface Comparison {
  readonly goal: Goal
  readonly own: WatchedHeads
  readonly prints: Prints
  readonly isScoped: boolean
}

export function createCellsClient(ports: CellsClientPorts): CellsClient {
  const { store, sha256, effects, open, onHeads, listAll } = ports
  const bad = (): void => effects.end('bad-message')

  function compare(goal: Goal, own: WatchedHeads, isScoped: boolean): void {
    const prints = printsOf(ports.printKey, own.digests)
    let peeler: Peeler | null = null
    let hash: Uint8Array | null = null
    let step = 0
    let granted = firstCells
    const bytes = isScoped && goal.stored !== null ? goal.stored.hash : new Uint8Array(0)
    const giveUp = (id: number): void => {
      ports.cancel(id)
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
        ports.cancel(id)
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
    ports.list(goal, listOf(own, left, isScoped ? new Uint8Array(0) : own.headless), removed)
  }

  return { compare }
}
