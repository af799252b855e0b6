/**
 * The side that is asked when somebody comes up to date (spec C): whatever it is asked, it answers from its
 * own log, its own heads and the sets stored here. Nothing of it is believed.
 *
 *     resume ─▶ resumed, or unlike                     what changed since, over a set that both know
 *     compare ─▶ cells …, prints ─▶ unmatched ─┐
 *     list ─▶ lastknownheads                   ├─▶ base ─ agree ─▶ agreed: the watch set, stored
 *     getprints ─▶ lastknownheads              ┘
 *
 * @module
 */
import {
  createByteReader,
  createByteWriter,
  type HeadRecord,
  type Identity,
  identityKey,
  identityOfKey,
  type Sha256,
} from '@effigy/core'
import type { HeadLog, LogPosition, MetSet } from '@effigy/store'
import type { Agree, Compare, GetPrints, ListMessage, PrintsMessage, Resume } from '../messages.ts'
import { hashBytes, listedBytes, readPosition, readResume, writePosition } from '../messages-bytes.ts'
import { createCellMaker } from '../reconcile/cells.ts'
import {
  changedKeys,
  hashKeys,
  identitiesOf,
  indexOfKey,
  keyAt,
  keyBytes,
  keyCount,
  sortKeys,
} from '../reconcile/key-set.ts'
import { decodePrints, findPrints, maxFewPrints, type Prints, printsOf } from '../reconcile/prints.ts'
import { createAnswers } from './catch-up-answers.ts'
import { type Effects, maxOpenLists, type Producer } from './effects.ts'
import { headsOver, hideScope, isEqual } from './log-scope.ts'
import type { Sharing } from './sharing.ts'

/** What the other side watches, as both agreed. */
export interface AgreedSet {
  /** Sorted, 32 bytes each. */
  readonly keys: Uint8Array
  readonly hash: Uint8Array
  /** The set as it is stored: ours at the other side, or theirs here; null where it is new. */
  readonly stored: MetSet | null
  /** How far the other side's log is. */
  readonly theirs: LogPosition
  /** Count of our log that the answer stands for: what changed after it is to be told. */
  readonly since: number
  /** Whether the other side's heads over the set were gone through; else ours alone were (C3). */
  readonly isMutual: boolean
}

export interface CatchUpSourcePorts {
  readonly log: HeadLog
  readonly sha256: Sha256
  readonly effects: Pick<Effects, 'send' | 'wake' | 'end'>
  readonly sharing: Sharing
  readonly remote: Identity
  /** Of this session's prints. */
  readonly printKey: Uint8Array
  /** Whether the other side may come up to date so (C1), and whether it may compare all that we watch. */
  readonly serves: () => boolean
  readonly mayCompareAll: () => boolean
  /** The heads to tell of these, with what proves disputes. */
  readonly tell: (identities: readonly Identity[]) => readonly HeadRecord[]
  /** A set of ours that the other side knows, though it is not stored yet. */
  readonly offered: (hash: Uint8Array) => MetSet | null
  readonly onSet: (set: AgreedSet) => void
  /** The other side has other heads than we of these. */
  readonly onDiffer: (identities: readonly Identity[]) => void
}

export interface CatchUpSource extends Producer {
  resume(message: Resume, bytes: Uint8Array): void
  compare(message: Compare, bytes: Uint8Array): void
  prints(message: PrintsMessage, bytes: Uint8Array): void
  getPrints(message: GetPrints, bytes: Uint8Array): void
  list(message: ListMessage, bytes: Uint8Array): void
  agree(message: Agree, bytes: Uint8Array): void
  /** True when it was a comparison's. */
  credit(id: number, bytes: number): boolean
  cancel(id: number): void
}

/** C3: more changes than that are found cheaper by a comparison. */
const maxChanges = 20_000

/** C5: of more heads we make no prints to find a few. */
const maxSearched = 65_536

/** C6: sets that differ by more are listed. */
const maxSizeDifference = 3_000

/** Resumptions and comparisons of one session: each costs as much as the set is long (T29). */
const maxAttempts = 6

/** Sets of one session, which are kept as long as it lives (T16): who begins agrees on one or two. */
const maxAgreements = 6

/** C5: lists that begin anew in one session: one for each agreement, and as many again after changes in between. */
const maxListings = 12

/** Questions for the heads of prints, each a pass over all prints: the differences of a comparison fill five (T29). */
const maxPrintQuestions = 16

interface Base {
  /** Sorted: what both have, as far as it was compared. */
  keys: Uint8Array
  /** What was listed besides. */
  listed: Uint8Array[]
  /** In both of these. */
  held: number
  readonly position: LogPosition
  /** C3: what it stands for was told in this one. */
  readonly scope: string
  /** Of the last comparison, to be asked for by their prints. */
  readonly compared: { readonly keys: Uint8Array; readonly prints: Prints } | null
}

export function createCatchUpSource(ports: CatchUpSourcePorts): CatchUpSource {
  const { log, sha256, effects, sharing, remote, printKey, serves } = ports
  const answers = createAnswers(ports)
  let base: Base | null = null
  let attempts = 0
  let agreements = 0
  let listings = 0
  let printQuestions = 0

  function unlike(id: number, reason: string): void {
    effects.send({ type: 'unlike', re: id, end: true, reason })
  }

  /** False when it was answered already. */
  function admits(id: number, isCostly: boolean): boolean {
    if (!serves()) {
      effects.send({ type: 'error', re: id, code: 'refused', retry: null })
      return false
    }
    if (isCostly && ++attempts > maxAttempts) {
      unlike(id, 'too-often')
      return false
    }
    if (answers.size < maxOpenLists) return true
    effects.send({ type: 'error', re: id, code: 'busy', retry: 1_000 })
    return false
  }

  const bad = (): void => effects.end('bad-message')

  function begin(keys: Uint8Array, compared: Base['compared']): Base {
    return {
      keys,
      listed: [],
      held: keyCount(keys),
      position: log.position(),
      scope: sharing.scope,
      compared,
    }
  }

  /** What is told in another scope is no part of what was compared: that is to begin anew. */
  function giveHeads(id: number, identities: readonly Identity[]): void {
    answers.heads(id, identities, (scope) => {
      if (base !== null && base.scope !== scope) base = null
    })
  }

  const storedSet = (hash: Uint8Array): MetSet | null =>
    log.metSet(remote, false, hash) ?? log.metSet(remote, true, hash) ?? ports.offered(hash)

  return {
    resume({ id, removed, added }, bytes) {
      if (!admits(id, true)) return
      const read = readResume(bytes, removed, added)
      if (read === null) {
        bad()
        return
      }
      const stored = storedSet(read.hash)
      if (stored === null) {
        unlike(id, 'unknown-set')
        return
      }
      const last = read.removed.at(-1) ?? -1
      if (last >= keyCount(stored.keys) || (stored.mine && removed + added > 0)) {
        bad()
        return
      }
      const keys = changedKeys(stored.keys, read.removed, read.added)
      if (keyCount(keys) > sharing.maxWatched) {
        unlike(id, 'too-large')
        return
      }
      const known = hideScope(read.known, sharing, sha256)
      if (!log.continues(known)) {
        unlike(id, 'unknown-log')
        return
      }
      const changes = log.changesSince(known.count, maxChanges)
      if (changes === null) {
        unlike(id, 'too-far')
        return
      }
      const at = log.position()
      const fresh = identitiesOf(read.added)
      const told = changes.filter((identity) => indexOfKey(keys, identityKey(identity)) >= 0)
      const listed = new Set(told)
      answers.changes(id, keys, [...told, ...fresh.filter((identity) => !listed.has(identity))], at)
      const hash = keys === stored.keys ? stored.hash : hashKeys(keys, sha256)
      ports.onSet({ keys, hash, stored, theirs: read.own, since: at.count, isMutual: false })
      if (fresh.length > 0) ports.onDiffer(fresh)
    },

    compare({ id, size }, bytes) {
      if (!admits(id, true)) return
      const stored = bytes.length === 0 ? null : storedSet(bytes)
      if (bytes.length > 0 && stored === null) {
        unlike(id, 'unknown-set')
        return
      }
      if (stored === null && !ports.mayCompareAll()) {
        unlike(id, 'private')
        return
      }
      const { keys, digests } = headsOver(log, sharing, stored?.keys ?? null)
      if (Math.abs(keyCount(keys) - size) > maxSizeDifference) {
        unlike(id, 'too-different')
        return
      }
      const prints = printsOf(printKey, digests)
      base = begin(stored?.keys ?? keys, { keys, prints })
      answers.cells(id, createCellMaker(prints), prints)
    },

    prints({ id, count }, bytes) {
      if (!admits(id, true)) return
      const theirs = decodePrints(bytes)
      if (theirs === null || count > maxFewPrints) {
        bad()
        return
      }
      const { keys, digests } = headsOver(log, sharing, null)
      if (keyCount(keys) > maxSearched) {
        unlike(id, 'too-large')
        return
      }
      const places = findPrints(printsOf(printKey, digests), theirs)
      const unmatched: number[] = []
      const matched: Uint8Array[] = []
      for (const [index, at] of places.entries()) {
        if (at < 0) unmatched.push(index)
        else matched.push(keyAt(keys, at))
      }
      base = begin(sortKeys(joined(matched)), null)
      effects.send(
        { type: 'unmatched', re: id, end: true, count: unmatched.length },
        Uint8Array.from(unmatched),
      )
    },

    getPrints({ id }, bytes) {
      if (!admits(id, false)) return
      const wanted = decodePrints(bytes)
      const compared = base?.compared ?? null
      if (wanted === null) {
        bad()
        return
      }
      if (++printQuestions > maxPrintQuestions * maxAttempts) {
        unlike(id, 'too-often')
        return
      }
      if (compared === null) {
        unlike(id, 'no-base')
        return
      }
      const places = findPrints(compared.prints, wanted)
      giveHeads(
        id,
        Array.from(places)
          .filter((at) => at >= 0)
          .map((at) => identityOfKey(keyAt(compared.keys, at))),
      )
    },

    list({ id, count, first }, bytes) {
      if (!admits(id, false)) return
      if (count === 0 && !first) {
        bad()
        return
      }
      if (first) base = ++listings > maxListings ? null : begin(new Uint8Array(0), null)
      if (base === null) {
        unlike(id, 'no-base')
        return
      }
      if (base.held + count > sharing.maxWatched) {
        effects.send({ type: 'error', re: id, code: 'too-many', retry: null })
        return
      }
      const keys = new Uint8Array(count * keyBytes)
      const wanted: Identity[] = []
      const differ: Identity[] = []
      for (let index = 0; index < count; index++) {
        const at = index * listedBytes
        const key = bytes.subarray(at, at + keyBytes)
        const tag = bytes.subarray(at + keyBytes, at + listedBytes)
        keys.set(key, index * keyBytes)
        const identity = identityOfKey(key)
        const digest = log.digestOf(identity)
        if (digest !== null && isEqual(digest.subarray(0, tag.length), tag)) continue
        if (digest !== null) wanted.push(identity)
        if (tag.some((byte) => byte !== 0)) differ.push(identity)
      }
      base.listed.push(keys)
      base.held += count
      giveHeads(id, wanted)
      if (differ.length > 0) ports.onDiffer(differ)
    },

    agree({ id, removed }, bytes) {
      if (!admits(id, false)) return
      const reader = createByteReader(bytes)
      const hash = reader.bytes(hashBytes)
      const theirs = readPosition(reader)
      const gone = reader.bytes(removed * keyBytes)
      if (hash === null || theirs === null || gone === null || reader.left > 0) {
        bad()
        return
      }
      if (base === null || base.scope !== sharing.scope) {
        unlike(id, 'no-base')
        return
      }
      const places = Array.from({ length: removed }, (_, index) =>
        indexOfKey(base?.keys ?? gone, keyAt(gone, index)),
      )
      const without = [...new Set(places)].filter((at) => at >= 0).sort((a, b) => a - b)
      const keys = changedKeys(base.keys, without, joined(base.listed))
      const { count } = base.position
      const at = hideScope(base.position, sharing, sha256)
      base = null
      if (keyCount(keys) > sharing.maxWatched) {
        unlike(id, 'too-large')
        return
      }
      if (!isEqual(hashKeys(keys, sha256), hash)) {
        unlike(id, 'other-set')
        return
      }
      if (++agreements > maxAgreements) {
        effects.send({ type: 'error', re: id, code: 'too-many', retry: null })
        return
      }
      const writer = createByteWriter(16)
      writePosition(writer, at)
      effects.send({ type: 'agreed', re: id, end: true }, writer.take())
      ports.onSet({ keys, hash: new Uint8Array(hash), stored: null, theirs, since: count, isMutual: true })
    },

    credit: answers.credit,
    cancel: answers.cancel,
    pull: answers.pull,
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
