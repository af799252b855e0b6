/**
 * Takes the head of a key that nobody asked for, when it proves to be where a watched account moved to (spec Y19).
 *
 *     unasked head ─budget, signature▶ getentry ─▶ a state that lists a move away from a key that is watched here
 *                                                   └─ every signature ─▶ store.keepLoose ─▶ its account's verdict
 *
 * Whatever it is else costs one entry of the budget, and nothing of it is kept (T18).
 *
 * @module
 */
import {
  claimState,
  decodeEntry,
  entryCheck,
  type HeadRecord,
  headCheck,
  type Identity,
  maxEntryBytes,
  rawCid,
  type Sha256,
  type SignedEntry,
  type StateClaim,
  shortName,
} from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { writeCids } from '../messages-bytes.ts'
import type { Asked } from './asked.ts'
import type { Effects } from './effects.ts'

export interface SuccessorClientPorts {
  readonly store: Pick<Store, 'feed' | 'entry' | 'keepLoose' | 'acceptHead' | 'synods'>
  readonly sha256: Sha256
  readonly clock: Pick<Clock, 'monotonic'>
  readonly asked: Asked
  readonly effects: Pick<Effects, 'verify' | 'end'>
  readonly log: Log
}

export interface SuccessorClient {
  /** Heads of feeds that the other side was not asked about. */
  take(records: readonly HeadRecord[]): void
  /** The store changed: more may be known of an account. */
  changed(): void
  /** Looked at just now. */
  readonly busy: number
}

/** Heads that are looked at, of one session: as many at once as most people follow accounts that moved in a year. */
const burst = 64

/** Held while the states of watched keys come. */
const maxUnsure = 16

interface Successor {
  readonly record: HeadRecord
  readonly signed: SignedEntry
  readonly claim: StateClaim
}

/** Ms for one more. Each costs up to 15 KiB, and some 70 signatures when it is a full state. */
const refillMs = 10_000

export function createSuccessorClient(ports: SuccessorClientPorts): SuccessorClient {
  const { store, sha256, clock, asked, effects, log } = ports
  let budget = burst
  let countedMs = clock.monotonic()
  let busy = 0
  /** No state of the key that they say was moved away from is here yet. */
  const unsure: Successor[] = []

  function mayLook(): boolean {
    const earned = Math.floor((clock.monotonic() - countedMs) / refillMs)
    countedMs += earned * refillMs
    budget = Math.min(burst, budget + earned)
    if (budget === 0) return false
    budget--
    return true
  }

  const isWatched = (identity: Identity): boolean => store.feed(identity)?.watched === true

  /** Its head is verified: the entry is what its author says. */
  function fetch(record: HeadRecord): void {
    busy++
    const id = asked.open({ type: 'getentry', count: 1 }, writeCids([record.head.head]), (answer, bytes) => {
      busy--
      asked.cancel(id)
      if (answer.type === 'entries' && answer.sizes.length === 1) judge(record, bytes)
    })
  }

  function judge(record: HeadRecord, bytes: Uint8Array): void {
    const { head } = record
    if (bytes.length === 0 || bytes.length > maxEntryBytes || rawCid(bytes, sha256) !== head.head) return
    const decoded = decodeEntry(bytes.slice(), sha256)
    if (!decoded.ok) return
    const signed = decoded.value
    const claim = signed.entry.identity === head.identity ? claimState(signed, 1, sha256) : null
    if (claim !== null) consider({ record, signed, claim })
  }

  function consider(successor: Successor): void {
    const { root, moves } = successor.claim.proven.state
    const left = moves.map(({ from }) => from).filter(isWatched)
    if (left.some((key) => store.synods?.accountOf(key) === root)) keep(successor)
    // Anybody can name a stranger's key as that of an account of his own: its own states say whose it is (T27).
    else if (left.some((key) => (store.synods?.accountOf(key) ?? null) === null)) {
      unsure.push(successor)
      unsure.splice(0, unsure.length - maxUnsure)
    }
  }

  function keep({ record, signed, claim }: Successor): void {
    busy++
    effects.verify([entryCheck(signed), ...claim.checks], (verdicts) => {
      busy--
      if (!verdicts.every(Boolean)) return
      log.info('account.moved', { to: shortName(signed.entry.identity) })
      store.keepLoose({ entry: signed, body: null })
      // For those who ask us.
      store.acceptHead(record, { force: true })
    })
  }

  return {
    take(records) {
      const looked: HeadRecord[] = []
      for (const record of records) {
        // What is known costs too: a flood of heads is not looked up one by one (T16).
        if (!mayLook()) break
        const { epoch, identity, head } = record.head
        if (epoch === 1 && !isWatched(identity) && store.entry(head) === null) looked.push(record)
      }
      if (looked.length === 0) return
      busy++
      effects.verify(looked.map(headCheck), (verdicts) => {
        busy--
        if (verdicts.every(Boolean)) for (const record of looked) fetch(record)
        else effects.end('bad-head')
      })
    },
    changed() {
      for (const successor of unsure.splice(0)) consider(successor)
    },
    get busy() {
      return busy
    },
  }
}
