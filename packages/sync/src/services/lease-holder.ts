/**
 * The holder's side of leases: what is promised to whom, how much, for how long (spec V30-V34).
 *
 *     request ─theirs? quota? held? enough reserved?▶ lease to be signed ─granted▶ LeaseStore ─▶ list, renewal, end
 *     spot check {nonce, range} ─▶ SHA-256(nonce ‖ bytes)
 *
 * @module
 */
import {
  err,
  type Identity,
  type Lease,
  ok,
  type RawCid,
  type Receipt,
  type Result,
  type Sha256,
} from '@effigy/core'
import type { HeldLease, LeaseStore } from '@effigy/store'
import type { Clock } from '../clock.ts'
import type { LeaseLimits } from '../limits.ts'
import { createPaces } from '../session/paces.ts'
import { leasedBlobs, promisedBy } from './held-lease.ts'
import type { ServiceRefusal } from './service.ts'
import { spotHash, spotNonceBytes } from './spot-hash.ts'

/** What the owner of a feed asks for. */
export type LeaseRequest = Pick<Lease, 'for' | 'epoch' | 'length' | 'head' | 'blobs' | 'until' | 'bytes'>

export interface LeaseHolderPorts {
  readonly self: Identity
  readonly store: LeaseStore
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly sha256: Sha256
  readonly limits: LeaseLimits
  /** Whether somebody may ask for that feed: it is theirs, or another device's of theirs. */
  readonly mayLease: (owner: Identity, feed: Identity) => boolean
  /** All names of the person that asks, `owner` among them: one quota, and each device of theirs may ask after any lease. */
  readonly namesOf?: (owner: Identity) => readonly Identity[]
  /** An own device: as much as there is room for. */
  readonly isOwn?: (owner: Identity) => boolean
  /** No more bytes are promised now, whatever the limits say; leases are renewed. */
  readonly isFull?: () => boolean
  /**
   * Bytes that it covers: of the entries, and of the files that they name, by the sizes that they state. Null where the
   * chain up to that head is not here, whole and verified.
   */
  readonly covered: (request: LeaseRequest) => number | null
  /**
   * Bytes of an entry or block of that feed, or null: never of another feed, whose bytes a check over one byte
   * would tell.
   */
  readonly read: (feed: Identity, cid: RawCid) => Uint8Array | null
}

export interface LeaseHolder {
  /** The lease to sign, at most what was asked for; `record` in `grant` is what came of it. */
  request(owner: Identity, request: LeaseRequest): Result<Lease, ServiceRefusal>
  /** Keeps what was signed; from now on it counts. Checked again: others may have been first. */
  grant(owner: Identity, lease: Lease, record: Uint8Array): ServiceRefusal | null
  list(owner: Identity): readonly HeldLease[]
  /** The owner no longer wants it: it ends within 30 days (V32). False: there is none of theirs. */
  release(owner: Identity, feed: Identity): boolean
  /** What it had of them and has no more (V36), the newest first. To be signed. */
  receipts(owner: Identity): Result<readonly Receipt[], ServiceRefusal>
  /** 32 bytes; `absent` where nobody leases what it belongs to, or it is gone. */
  spotCheck(owner: Identity, check: SpotCheck): Result<Uint8Array, ServiceRefusal>
}

export interface SpotCheck {
  /** Whose feed needs it. */
  readonly for: Identity
  readonly cid: RawCid
  /** 16 bytes that nobody could know before. */
  readonly nonce: Uint8Array
  readonly offset: number
  readonly length: number
}

/** Receipts in one answer: each is signed for it. */
const receiptsTold = 64

/** V32, ms: whoever lost a device has so long to notice what it released. */
const leaseNoticeMs: number = 30 * 24 * 60 * 60 * 1000

/** Owners whose pace is remembered. */
const pacesKept = 4_096

/** The rules of promising to keep feeds, over a store (V31-V38). */
/** Rows of entries that are read in some 4 ms: a request over more of them counts as several. */
const entriesPerAsk = 10_000

export function createLeaseHolder(ports: LeaseHolderPorts): LeaseHolder {
  const { self, store, clock, sha256, limits } = ports
  const pace = createPaces({
    perSecond: limits.asksPerMinute / 60,
    burst: limits.leasesPerOwner,
    kept: pacesKept,
    clock,
  })
  const { namesOf = (owner) => [owner], isOwn = () => false } = ports
  /** V37: all devices of a person have one pace. */
  const tooFast = (owner: Identity, entries = 0): number => {
    const [person = owner] = namesOf(owner).toSorted()
    return pace(person, Math.min(1 + Math.floor(entries / entriesPerAsk), limits.leasesPerOwner))
  }
  const refuse = (code: string, retryMs: number | null): ServiceRefusal => ({ code, retryMs })

  /** Why so many bytes cannot be promised, those of the lease that is replaced not counted. */
  function overQuota(
    owner: Identity,
    { for: feed, bytes }: Pick<Lease, 'for' | 'bytes'>,
  ): ServiceRefusal | null {
    const before = store.get(feed)
    const replaced = before?.bytes ?? 0
    const names = namesOf(owner)
    const replacedHere = before !== null && names.includes(before.owner) ? replaced : 0
    const promised = names.reduce((sum, name) => sum + store.promised(name), 0)
    const isOver = promised - replacedHere + bytes > limits.bytesPerOwner
    if (isOver && !isOwn(owner)) return refuse('quota', null)
    if (before === null && held(owner).length >= limits.leasesPerOwner) return refuse('too-many', null)
    const isFull = bytes > replaced && ports.isFull?.() === true
    if (isFull || store.promised(null) - replaced + bytes > limits.totalBytes) {
      return refuse('full', limits.fullRetryMs)
    }
    return null
  }

  /** Of all names of a person. */
  function held(owner: Identity): readonly HeldLease[] {
    return namesOf(owner).flatMap((name) => store.of(name))
  }

  function isTheirs(owner: Identity, lease: HeldLease | null): lease is HeldLease {
    return lease !== null && (lease.owner === owner || namesOf(owner).includes(lease.owner))
  }

  function request(owner: Identity, wanted: LeaseRequest): Result<Lease, ServiceRefusal> {
    const asked = { ...wanted, blobs: Math.min(wanted.blobs, limits.blobBytes) }
    const at = clock.now()
    if (!ports.mayLease(owner, asked.for)) return err(refuse('not-yours', null))
    if (asked.until <= at) return err(refuse('too-short', null))
    if (asked.bytes < 1) return err(refuse('no-bytes', null))
    const refusal = overQuota(owner, asked)
    if (refusal !== null) return err(refusal)
    const waitMs = tooFast(owner, asked.length)
    if (waitMs > 0) return err(refuse('too-fast', waitMs))
    const covered = ports.covered(asked)
    // A promise over what is not here would be one over what nobody may ever send.
    if (covered === null) return err(refuse('not-held', limits.notHeldRetryMs))
    // What is reserved is what counts: less than it takes would be a quota that holds nobody.
    if (covered > asked.bytes) return err(refuse('too-small', null))
    const { for: feed, epoch, length, head, blobs, bytes } = asked
    const until = Math.min(asked.until, at + limits.longestMs)
    return ok({ holder: self, for: feed, epoch, length, head, blobs, until, bytes, at })
  }

  /** V32: where it gives less than what it replaces, that lasts on. */
  function inPlaceOf(old: HeldLease | null, owner: Identity, given: Lease, record: Uint8Array): HeldLease {
    const { for: feed, until, bytes, blobs } = given
    const lease: HeldLease = { for: feed, owner, until, bytes, record, isReleased: false, before: null }
    if (old === null) return lease
    const promised = promisedBy(old)
    const noticed = Math.min(promised.until, clock.now() + leaseNoticeMs)
    const isLess = until < noticed || bytes < promised.bytes || blobs < promised.blobs
    // What is released has its time already.
    const lasts = Math.max(old.before?.until ?? 0, isLess && !old.isReleased ? noticed : 0)
    const before = { until: lasts, blobs: leasedBlobs(old) }
    // What was reserved and is not there need not last.
    const kept = Math.min(old.bytes, ports.covered({ ...given, blobs: before.blobs }) ?? old.bytes)
    const isCovered = until >= lasts && bytes >= kept && blobs >= before.blobs
    if (isCovered || lasts <= clock.now()) return lease
    return { ...lease, until: Math.max(until, lasts), bytes: Math.max(bytes, kept), before }
  }

  return {
    request,
    grant(owner, lease, record) {
      const refusal = overQuota(owner, lease)
      if (refusal === null) {
        store.put(inPlaceOf(store.get(lease.for), owner, lease, record))
      }
      return refusal
    },
    list: (owner) =>
      held(owner)
        .filter(({ isReleased }) => !isReleased)
        .slice(0, limits.leasesPerOwner),
    release(owner, feed) {
      const lease = store.get(feed)
      if (!isTheirs(owner, lease) || lease.isReleased) return false
      const until = Math.min(lease.until, clock.now() + leaseNoticeMs)
      store.put({ ...lease, until, isReleased: true, before: { until, blobs: leasedBlobs(lease) } })
      return true
    },
    receipts(owner) {
      const waitMs = tooFast(owner)
      if (waitMs > 0) return err(refuse('too-fast', waitMs))
      const gone = namesOf(owner).flatMap((name) => store.gone(name, receiptsTold))
      const newest = gone.sort((a, b) => b.at - a.at).slice(0, receiptsTold)
      return ok(newest.map(({ for: feed, head, at }) => ({ holder: self, for: feed, head, at })))
    },
    spotCheck(owner, { for: feed, cid, nonce, offset, length }) {
      const waitMs = tooFast(owner)
      if (waitMs > 0) return err(refuse('too-fast', waitMs))
      const lease = store.get(feed)
      const isLeased = isTheirs(owner, lease) && !lease.isReleased && lease.until > clock.now()
      const bytes = isLeased ? ports.read(feed, cid) : null
      if (bytes === null) return err(refuse('absent', null))
      const end = offset + length
      if (nonce.length !== spotNonceBytes || length < 1 || end > bytes.length)
        return err(refuse('range', null))
      return ok(spotHash(nonce, bytes.subarray(offset, end), sha256))
    },
  }
}
