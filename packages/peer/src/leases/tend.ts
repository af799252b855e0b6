/**
 * One round with one holder: what it knows of, what is due, whether it has it (spec V32-V38).
 *
 *     list, receipts ─▶ promises of now ─▶ ask for what is due ─▶ spot checks
 *
 * @module
 */
import { type Identity, type Lease, shortName } from '@effigy/core'
import { chainEnd, type LeasePromise, type LeasePromises } from '@effigy/store'
import { acceptLease, type LeaseRequest, leaseCopyMs } from '@effigy/sync'
import { ownDevices } from '../own/devices.ts'
import type { LeaseOutcome } from './leases.ts'
import { dayMs, hourMs, type LeasePorts } from './ports.ts'
import { leasesIn, receiptsIn } from './records.ts'
import { reservationOf } from './reservation.ts'
import { checkSpot, spotsOf } from './spots.ts'
import { type LeaseTerms, maxDays } from './terms.ts'

/** What is new is covered so often, ms; so soon is asked again after a failure. */
const renewEveryMs: number = hourMs

/** A promise that holds is asked after so often, ms: four times before it would count no more. */
const checkEveryMs: number = leaseCopyMs / 4

/** Spot checks of one round: holders take 60 requests a minute. */
const maxSpots = 32

/** What is over is shown for so long, ms. */
const shownMs: number = 90 * dayMs

export interface Tended {
  readonly outcomes: readonly LeaseOutcome[]
  /** Ms after which something refused may be granted; null: nothing was that may be. */
  readonly retryMs: number | null
}

export interface Round {
  readonly holder: Identity
  /** Null: nobody asked them for anything. */
  readonly terms: LeaseTerms | null
  /** A person asks: everything, due or not. */
  readonly isAsked: boolean
  readonly signal: AbortSignal
}

/** Rejects with the signal's reason, and what the store throws. */
export async function tendHolder(round: Round, ports: LeasePorts, promises: LeasePromises): Promise<Tended> {
  const { holder, terms, isAsked, signal } = round
  const { store, call, clock, log } = ports
  const feeds = ownDevices(store, ports.identity).filter((feed) => feed !== holder)
  const ours = new Set(feeds)
  const listed = await call(holder, 'datalease', 'list', {}, { signal })
  if (!listed.ok) {
    const { code, retryMs } = listed.error
    return { outcomes: feeds.map((feed) => ({ type: 'refused', feed, code, retryMs })), retryMs }
  }
  const known = (await leasesIn(listed.value, holder, ports)) ?? []
  // Nobody asked for more than 90 days: who says so would never be asked again.
  const latest = clock.now() + (maxDays + 1) * dayMs
  await reconcile(known.filter((lease) => ours.has(lease.for) && lease.until <= latest))
  if (terms?.days === 0) {
    for (const lease of known) await call(holder, 'datalease', 'release', { for: lease.for }, { signal })
    for (const { for: feed } of mine()) promises.remove(holder, feed)
    return { outcomes: [], retryMs: null }
  }
  const outcomes: LeaseOutcome[] = []
  for (const feed of terms === null ? [] : feeds) {
    if (isAsked || isDue(feed, promises.get(holder, feed)))
      outcomes.push(await ask(feed, terms as LeaseTerms))
  }
  if (isAsked || !ports.isSaving()) await check()
  const waits = outcomes.flatMap((one) =>
    one.type === 'refused' && one.retryMs !== null ? [one.retryMs] : [],
  )
  return { outcomes, retryMs: waits.length === 0 ? null : Math.min(...waits) }

  function mine(): readonly LeasePromise[] {
    return promises.list().filter((promise) => promise.holder === holder)
  }

  /** Other own devices asked too; and what it does not know of any more it does not keep. */
  async function reconcile(leases: readonly Lease[]): Promise<void> {
    const now = clock.now()
    for (const lease of leases) {
      const before = promises.get(holder, lease.for)
      if (before === null || before.head !== lease.head || before.until !== lease.until) keep(lease)
      // It knows of it again: whether it has it is asked anew.
      else if (before.failure === 'not-listed' || before.failure === 'gone') keep(lease)
    }
    const listedFeeds = new Set(leases.map((lease) => lease.for))
    // A day for clocks that differ: what has just ended is no broken word.
    const missing = mine().filter(({ for: feed, until }) => !listedFeeds.has(feed) && until > now + dayMs)
    const answer = missing.length > 0 ? await call(holder, 'datalease', 'receipts', {}, { signal }) : null
    const gone = answer?.ok === true ? ((await receiptsIn(answer.value, holder, ports)) ?? []) : []
    for (const promise of missing) {
      const isGone = gone.some((receipt) => receipt.for === promise.for && receipt.head === promise.head)
      fail(promise, isGone ? 'gone' : 'not-listed')
    }
    for (const { for: feed, until, failedAt } of mine()) {
      const over = Math.min(until, failedAt ?? until)
      if (over + shownMs < now) promises.remove(holder, feed)
    }
  }

  function keep(lease: Lease): void {
    const { for: feed, epoch, length, head, blobs, until, bytes } = lease
    promises.put({ holder, for: feed, epoch, length, head, blobs, until, bytes, at: clock.now() })
  }

  function fail(promise: LeasePromise, code: string): void {
    if (promise.failure === code) return
    promises.note(holder, promise.for, { type: 'failed', at: clock.now(), code })
    log.warn('lease.failed', { peer: shortName(holder), feed: shortName(promise.for), code })
  }

  function isDue(feed: Identity, promise: LeasePromise | null): boolean {
    const head = endOf(feed)
    if (head === null || terms === null) return false
    if (promise === null) return true
    const now = clock.now()
    const leftMs = promise.until - now
    if (leftMs < (terms.days * dayMs) / 3 || promise.epoch !== head.epoch) return true
    const isBehind = promise.head !== head.head || promise.failure !== null
    const isLess = promise.blobs < terms.blobs
    const ageMs = Math.abs(now - promise.at)
    return (isBehind && ageMs >= renewEveryMs) || (isLess && ageMs >= dayMs)
  }

  function endOf(feed: Identity): ReturnType<typeof chainEnd> {
    const state = store.feed(feed)
    return state === null ? null : chainEnd(state)
  }

  /** With files as far as they may, else without. */
  async function ask(feed: Identity, { days, blobs }: LeaseTerms): Promise<LeaseOutcome> {
    const whole = await askFor(feed, days, blobs)
    if (whole.type === 'leased' || blobs === 0) return whole
    // Files are what it lacks, or has no room for; of the rest nobody knows yet.
    if (!['not-here', 'not-held', 'quota', 'full', 'too-small'].includes(whole.code)) return whole
    const rest = await askFor(feed, days, 0)
    if (rest.type !== 'leased' || whole.code !== 'not-held') return rest
    // It may have lacked all of it the first time, and have it since.
    const again = await askFor(feed, days, blobs)
    return again.type === 'leased' ? again : rest
  }

  async function askFor(feed: Identity, days: number, blobs: number): Promise<LeaseOutcome> {
    const reservation = reservationOf(feed, blobs, store)
    if (reservation === null) return { type: 'refused', feed, code: 'not-here', retryMs: null }
    return request({ ...reservation, until: clock.now() + days * dayMs })
  }

  async function request(asked: LeaseRequest): Promise<LeaseOutcome> {
    const feed = asked.for
    const granted = await call(holder, 'datalease', 'ask', { ...asked }, { signal })
    if (!granted.ok) return { type: 'refused', feed, ...granted.error }
    const lease = await acceptLease(granted.value.bytes, holder, asked, ports.crypto)
    if (!lease.ok) {
      log.warn('lease.bad', { peer: shortName(holder), code: lease.error.code })
      return { type: 'refused', feed, code: lease.error.code, retryMs: null }
    }
    keep(lease.value)
    return { type: 'leased', feed, until: lease.value.until, blobs: lease.value.blobs }
  }

  async function check(): Promise<void> {
    let spots = 0
    for (const promise of mine()) {
      if (spots >= maxSpots || !isToCheck(promise)) continue
      const asked = spotsOf(promise, ports)
      spots += asked.length
      const verdicts = []
      for (const spot of asked) verdicts.push(await checkSpot(holder, spot, signal, ports))
      const wrong = verdicts.find((verdict) => verdict !== 'right' && verdict !== 'unanswered')
      if (wrong !== undefined) fail(promise, wrong)
      else if (asked.length > 0 && verdicts.every((verdict) => verdict === 'right')) {
        promises.note(holder, promise.for, { type: 'passed', at: clock.now() })
      }
    }
  }

  function isToCheck({ for: feed, epoch, until, at, passedAt, failedAt, failure }: LeasePromise): boolean {
    const now = clock.now()
    if (until <= now || !ours.has(feed) || epoch !== endOf(feed)?.epoch) return false
    if (failure === 'gone' || failure === 'not-listed') return false
    if (isAsked || passedAt === null || passedAt < at) return true
    // A clock that went back asks once more.
    return Math.abs(now - (failedAt ?? passedAt)) >= (failedAt === null ? checkEveryMs : renewEveryMs)
  }
}
