/**
 * Whether the other side of a session has everything that this device published: by asking, never by guessing
 * (spec R13).
 *
 *     own head moves ─300 ms▶ getfeed over it ─▶ feed {base, total} ─ all of the chain? ─▶ given
 *                       ▲                                   └ not yet, not all ─┐
 *                       └────────── twice the pause ◀───────────────────────────┘
 *     next session ─300 ms▶ nothing new, its log goes on, it asks for nothing ─▶ given, unasked
 *
 * `feed {total}` is what the other side could send from that head downwards without a gap. Only who
 * watches our feed is asked, and the entries themselves are cancelled. A peer that lies here could
 * drop the entries a moment later as well: this is its word, no proof that it keeps them.
 *
 * What it said is remembered for a day. A disk that was lost or put back does not know the position in its log that
 * it gave out (C3), and a feed that was dropped and is wanted again is asked for: in both cases it is asked anew.
 *
 * @module
 */
import { cidBytes, cidDigest, concatBytes, type HeadRecord, type Identity, identityKey } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Clock, Message, Session } from '@effigy/sync'
import type { ConfirmedBy, ConfirmedHead } from './confirmed.ts'

/** `unwanted`: the other side does not keep our feed, or said that it will not. */
export type ReceiptState = 'given' | 'pending' | 'unwanted'

export interface ReceiptsPorts {
  readonly session: Pick<Session, 'send'>
  readonly self: Identity
  readonly store: Pick<Store, 'feed'>
  readonly clock: Clock
  /** Somebody who keeps feeds for others; friends may keep a part of ours for good, so they are asked less often. */
  readonly isHub: () => boolean
  /** What the other side said in the sessions before. */
  readonly confirmed: ConfirmedBy
  /** `state` may be another one. */
  readonly changed: () => void
}

export interface Receipts extends Disposable {
  readonly state: ReceiptState
  /** What the other side watches: its whole list. */
  watched(identities: readonly Identity[]): void
  /** The own feed may have grown. */
  published(): void
  /** The other side's log goes on from where we knew it: it has lost nothing since then. */
  continued(): void
  /** The other side asks for our entries above that length. */
  asked(above: number): void
  /** True when the message was an answer to us. */
  take(message: Message): boolean
}

/** A hub asks for its members' feeds with its first messages; who has not by then will not. Ms. */
const graceMs = 3_000

/** The other side hears of a new head after 100 ms, and fetches and checks it in a few more. Ms. */
const firstPauseMs = 300

/** Ms. A hub that is busy with our feed has it soon. */
const longestPauseMs = 5_000

/** Ms. For those who may never have all of it. */
const patientPauseMs = 300_000

/** What was said longer ago is asked again: who chose to drop our feed says so only then. Ms. */
const rememberedMs: number = 24 * 60 * 60 * 1000

/** While a feed grows, what was said of it is written down so often. Ms. */
const saveEveryMs = 5_000

/** The first answers may come from somebody who asked for our feed and has not heard of it yet. */
const refusalLimit = 3

/** Beside those of replication, which counts up from 1, and of pings, which begin at 2^52. */
const firstId: number = 2 ** 51
const lastId: number = 2 ** 52

/** The least that R3 takes. What is sent of it before our `cancel` arrives is the price of asking. */
const windowBytes: number = 64 * 1024

interface Asked {
  readonly id: number
  readonly record: HeadRecord
  /** It had everything up to here before. */
  readonly above: number
}

export function createReceipts(ports: ReceiptsPorts): Receipts {
  const { session, self, store, clock, isHub, confirmed, changed } = ports
  const before = confirmed.read()
  let isWatching = false
  let refusals = 0
  let isInGrace = true
  /** The head up to which the other side has everything. */
  let given: ConfirmedHead | null = null
  /** When that was said, and whether it is written down. */
  let givenAt = 0
  let isSaved = true
  /** What it said before this session may still hold. */
  let isRemembered = before !== null && isRecent(before.at)
  let isContinued = false
  let asked: Asked | null = null
  let nextId = firstId
  let pauseMs = firstPauseMs
  let timer: Disposable | null = null
  let saving: Disposable | null = null
  const grace = clock.after(graceMs, () => {
    isInGrace = false
    changed()
  })

  const newest = (): HeadRecord | null => store.feed(self)?.record ?? null

  function stateNow(): ReceiptState {
    const record = newest()
    if (record === null || isHead(given, record)) return 'given'
    if (refusals >= refusalLimit) return 'unwanted'
    return isWatching || isInGrace ? 'pending' : 'unwanted'
  }

  function askAfter(ms: number): void {
    if (timer !== null) timer[Symbol.dispose]()
    timer = clock.after(ms, () => {
      timer = null
      if (!isWatching || stateNow() === 'given') return
      if (remembers()) changed()
      if (stateNow() !== 'given') ask()
    })
  }

  function isRecent(at: number): boolean {
    const ageMs = clock.now() - at
    return ageMs >= 0 && ageMs < rememberedMs
  }

  /** Takes over what was said before this session, where nothing speaks against it. */
  function remembers(): boolean {
    if (!isRemembered || !isContinued || before === null || given !== null) return false
    given = before.head
    givenAt = before.at
    return true
  }

  function note(head: ConfirmedHead | null): void {
    given = head
    givenAt = clock.now()
    isRemembered = false
    isSaved = false
    saving ??= clock.after(saveEveryMs, save)
  }

  function save(): void {
    saving?.[Symbol.dispose]()
    saving = null
    if (isSaved) return
    isSaved = true
    try {
      confirmed.save(given === null ? null : { head: given, at: givenAt })
    } catch {
      // A store that fails here fails whoever writes next, and is told there. What is not remembered is asked again.
    }
  }

  function askAgain(): void {
    const isHopeful = isHub() && refusals < refusalLimit
    pauseMs = Math.min(pauseMs * 2, isHopeful ? longestPauseMs : patientPauseMs)
    askAfter(pauseMs)
  }

  function ask(): void {
    const record = newest()
    if (record === null) return
    const { head, length, epoch } = record.head
    const known = given !== null && given.epoch === epoch && given.length < length ? given : null
    asked = { id: nextId++, record, above: known?.length ?? 0 }
    const bytes = concatBytes(
      identityKey(self),
      cidBytes(head),
      known === null ? new Uint8Array(0) : cidDigest(known.head).subarray(0, 8),
    )
    const limits = { limit: null, since: null, window: windowBytes, bodies: false, verbatim: false }
    send({ type: 'getfeed', id: asked.id, length: asked.above, ...limits }, bytes)
  }

  function send(message: Message, bytes?: Uint8Array): void {
    try {
      session.send(message, bytes)
    } catch {
      // The session is over: whoever runs it knows.
    }
  }

  function conclude({ record, above }: Asked, base: number, total: number): void {
    if (base === above && total === record.head.length - above) {
      const { head } = record
      note({ epoch: head.epoch, length: head.length, head: head.head })
      pauseMs = firstPauseMs
      if (stateNow() === 'pending') askAfter(firstPauseMs)
      return
    }
    // It has less than it had: asked for all of it the next time.
    note(null)
    askAgain()
  }

  return {
    get state() {
      return stateNow()
    },
    watched(identities) {
      if (isWatching || !identities.includes(self)) return
      isWatching = true
      askAfter(firstPauseMs)
    },
    published() {
      if (stateNow() === 'given') return
      refusals = 0
      pauseMs = firstPauseMs
      if (isWatching) askAfter(firstPauseMs)
    },
    continued() {
      isContinued = true
    },
    asked(above) {
      const known = given ?? (isRemembered ? (before?.head ?? null) : null)
      if (known === null || above >= known.length) return
      // It lacks what it had.
      note(null)
      pauseMs = firstPauseMs
      if (isWatching) askAfter(firstPauseMs)
      changed()
    },
    take(message) {
      if (!('re' in message) || message.re === null || message.re < firstId || message.re >= lastId)
        return false
      if (asked?.id !== message.re) return true
      if (message.type === 'feed') {
        send({ type: 'cancel', id: asked.id })
        refusals = 0
        conclude(asked, message.base, message.total)
      } else if (message.type === 'error' && message.retry !== null) {
        askAgain()
      } else {
        refusals++
        askAgain()
      }
      asked = null
      changed()
      return true
    },
    [Symbol.dispose]() {
      grace[Symbol.dispose]()
      timer?.[Symbol.dispose]()
      save()
    },
  }
}

const isHead = (known: ConfirmedHead | null, { head }: HeadRecord): boolean =>
  known?.head === head.head && known.epoch === head.epoch
