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
import type { Confirmation, ConfirmedBy, ConfirmedHead } from './confirmed.ts'

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
  /** What it has everything of, as it last said; null: nothing is known. */
  readonly confirmation: Confirmation | null
  /** What the other side watches: its whole list. */
  watched(identities: readonly Identity[]): void
  /** The own feed may have grown. */
  published(): void
  /** The other side's log goes on from where we knew it: it has lost nothing since then. */
  continued(): void
  /** The other side asks for our entries above that length. */
  asked(above: number): void
  /** From now on that feed of one's own account is asked about, at once, whether or not the other side watches it (Y26). */
  about(feed: Identity): void
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
  return new SessionReceipts(ports)
}

/** A class, because each session has one. */
class SessionReceipts implements Receipts {
  readonly #ports: ReceiptsPorts
  /** What is asked about. */
  #feed: Identity
  readonly #before: ReturnType<ConfirmedBy['read']>
  #isWatching = false
  #refusals = 0
  #isInGrace = true
  /** The head up to which the other side has everything. */
  #given: ConfirmedHead | null = null
  /** When that was said, and whether it is written down. */
  #givenAt = 0
  #isSaved = true
  /** What it said before this session may still hold. */
  #isRemembered: boolean
  #isContinued = false
  #asked: Asked | null = null
  #nextId = firstId
  #pauseMs = firstPauseMs
  #timer: Disposable | null = null
  #saving: Disposable | null = null
  #grace: Disposable | null

  constructor(ports: ReceiptsPorts) {
    this.#ports = ports
    this.#feed = ports.self
    this.#before = ports.confirmed.read()
    this.#isRemembered = this.#before !== null && this.#isRecent(this.#before.at)
    this.#grace = ports.clock.after(graceMs, () => {
      this.#grace = null
      this.#isInGrace = false
      ports.changed()
    })
  }

  #newest(): HeadRecord | null {
    return this.#ports.store.feed(this.#feed)?.record ?? null
  }

  #stateNow(): ReceiptState {
    const record = this.#newest()
    if (record === null || isHead(this.#given, record)) return 'given'
    if (this.#refusals >= refusalLimit) return 'unwanted'
    return this.#isWatching || this.#isInGrace ? 'pending' : 'unwanted'
  }

  #askAfter(ms: number): void {
    if (this.#timer !== null) this.#timer[Symbol.dispose]()
    this.#timer = this.#ports.clock.after(ms, () => {
      this.#timer = null
      if (!this.#isWatching || this.#stateNow() === 'given') return
      if (this.#remembers()) this.#ports.changed()
      if (this.#stateNow() !== 'given') this.#ask()
    })
  }

  #isRecent(at: number): boolean {
    const ageMs = this.#ports.clock.now() - at
    return ageMs >= 0 && ageMs < rememberedMs
  }

  /** Takes over what was said before this session, where nothing speaks against it. */
  #remembers(): boolean {
    if (!this.#isRemembered || !this.#isContinued || this.#before === null || this.#given !== null)
      return false
    this.#given = this.#before.head
    this.#givenAt = this.#before.at
    return true
  }

  #note(head: ConfirmedHead | null): void {
    this.#given = head
    this.#givenAt = this.#ports.clock.now()
    this.#isRemembered = false
    this.#isSaved = false
    this.#saving ??= this.#ports.clock.after(saveEveryMs, () => this.#save())
  }

  #save(): void {
    this.#saving?.[Symbol.dispose]()
    this.#saving = null
    // What is remembered is of this device's feed.
    if (this.#isSaved || !this.#isOfSelf) return
    this.#isSaved = true
    try {
      this.#ports.confirmed.save(this.#given === null ? null : { head: this.#given, at: this.#givenAt })
    } catch {
      // A store that fails here fails whoever writes next, and is told there. What is not remembered is asked again.
    }
  }

  #askAgain(): void {
    const isHopeful = this.#ports.isHub() && this.#refusals < refusalLimit
    this.#pauseMs = Math.min(this.#pauseMs * 2, isHopeful ? longestPauseMs : patientPauseMs)
    this.#askAfter(this.#pauseMs)
  }

  #ask(): void {
    const record = this.#newest()
    if (record === null) return
    const { head, length, epoch } = record.head
    const given = this.#given
    const known = given !== null && given.epoch === epoch && given.length < length ? given : null
    this.#asked = { id: this.#nextId++, record, above: known?.length ?? 0 }
    const bytes = concatBytes(
      identityKey(this.#feed),
      cidBytes(head),
      known === null ? new Uint8Array(0) : cidDigest(known.head).subarray(0, 8),
    )
    const limits = { limit: null, since: null, window: windowBytes, bodies: false, verbatim: false }
    this.#send({ type: 'getfeed', id: this.#asked.id, length: this.#asked.above, ...limits }, bytes)
  }

  #send(message: Message, bytes?: Uint8Array): void {
    try {
      this.#ports.session.send(message, bytes)
    } catch {
      // The session is over: whoever runs it knows.
    }
  }

  #conclude({ record, above }: Asked, base: number, total: number): void {
    if (base === above && total === record.head.length - above) {
      const { head } = record
      this.#note({ epoch: head.epoch, length: head.length, head: head.head })
      this.#pauseMs = firstPauseMs
      if (this.#stateNow() === 'pending') this.#askAfter(firstPauseMs)
      return
    }
    // It has less than it had: asked for all of it the next time.
    this.#note(null)
    this.#askAgain()
  }

  get state(): ReceiptState {
    return this.#stateNow()
  }

  get #isOfSelf(): boolean {
    return this.#feed === this.#ports.self
  }

  get confirmation(): Confirmation | null {
    if (!this.#isOfSelf) return null
    if (this.#given !== null) return { head: this.#given, at: this.#givenAt }
    return this.#isRemembered ? this.#before : null
  }

  watched(identities: readonly Identity[]): void {
    if (this.#isWatching || !identities.includes(this.#ports.self)) return
    this.#isWatching = true
    this.#askAfter(firstPauseMs)
  }

  published(): void {
    if (this.#stateNow() === 'given') return
    this.#refusals = 0
    this.#pauseMs = firstPauseMs
    if (this.#isWatching) this.#askAfter(firstPauseMs)
  }

  continued(): void {
    this.#isContinued = true
  }

  about(feed: Identity): void {
    this.#save()
    this.#feed = feed
    this.#given = this.#asked = null
    this.#isRemembered = false
    this.#isWatching = true
    this.#refusals = 0
    this.#pauseMs = firstPauseMs
    this.#ask()
    this.#ports.changed()
  }

  asked(above: number): void {
    if (!this.#isOfSelf) return
    const known = this.#given ?? (this.#isRemembered ? (this.#before?.head ?? null) : null)
    if (known === null || above >= known.length) return
    // It lacks what it had.
    this.#note(null)
    this.#pauseMs = firstPauseMs
    if (this.#isWatching) this.#askAfter(firstPauseMs)
    this.#ports.changed()
  }

  take(message: Message): boolean {
    if (!('re' in message) || message.re === null || message.re < firstId || message.re >= lastId)
      return false
    if (this.#asked?.id !== message.re) return true
    if (message.type === 'feed') {
      this.#send({ type: 'cancel', id: this.#asked.id })
      this.#refusals = 0
      this.#conclude(this.#asked, message.base, message.total)
    } else if (message.type === 'error' && message.retry !== null) {
      this.#askAgain()
    } else {
      this.#refusals++
      this.#askAgain()
    }
    this.#asked = null
    this.#ports.changed()
    return true
  }

  [Symbol.dispose](): void {
    this.#grace?.[Symbol.dispose]()
    this.#timer?.[Symbol.dispose]()
    this.#save()
  }
}

const isHead = (known: ConfirmedHead | null, { head }: HeadRecord): boolean =>
  known?.head === head.head && known.epoch === head.epoch
