/**
 * The owner's side of leases: is what came what was asked for, and is it still there (spec V32, V33).
 *
 *     lease ─ours? signed by that holder? not more than it may?▶ kept      spot check ─▶ right or not
 *
 * @module
 */
import {
  decodeLease,
  decodeReceipt,
  err,
  type Identity,
  type Lease,
  leaseCheck,
  ok,
  type RandomBytes,
  type RawCid,
  type Receipt,
  type Result,
  receiptCheck,
  type Sha256,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { LeaseRequest, SpotCheck } from './lease-holder.ts'
import { spotHash, spotNonceBytes } from './spot-hash.ts'

export interface LeaseFault {
  readonly code: 'too-large' | 'encoding' | 'version' | 'forged' | 'not-as-asked'
}

/** Reads the record that a holder gave for `asked`. Never throws, whatever `record` is. */
export async function acceptLease(
  record: Uint8Array,
  holder: Identity,
  asked: LeaseRequest,
  { verify }: Pick<Crypto, 'verify'>,
): Promise<Result<Lease, LeaseFault>> {
  const decoded = decodeLease(record)
  if (!decoded.ok) return decoded
  const lease = decoded.value.claim
  const isSame =
    lease.holder === holder &&
    lease.for === asked.for &&
    lease.head === asked.head &&
    lease.epoch === asked.epoch &&
    lease.length === asked.length
  // Less is a smaller favour; more was not asked for, and means that they signed something else.
  const isWithin = lease.until <= asked.until && lease.bytes <= asked.bytes && lease.blobs <= asked.blobs
  if (!isSame || !isWithin) return err({ code: 'not-as-asked' })
  const [isValid] = await verify([leaseCheck(decoded.value)])
  return isValid === true ? ok(lease) : err({ code: 'forged' })
}

/** Reads a receipt: the holder says that bytes are gone, which proves nothing (V34). */
export async function acceptReceipt(
  record: Uint8Array,
  holder: Identity,
  feed: Identity,
  { verify }: Pick<Crypto, 'verify'>,
): Promise<Result<Receipt, LeaseFault>> {
  const decoded = decodeReceipt(record)
  if (!decoded.ok) return decoded
  const receipt = decoded.value.claim
  if (receipt.holder !== holder || receipt.for !== feed) return err({ code: 'not-as-asked' })
  const [isValid] = await verify([receiptCheck(decoded.value)])
  return isValid === true ? ok(receipt) : err({ code: 'forged' })
}

export interface Spot {
  readonly check: SpotCheck
  /** 32 bytes: what an honest holder answers. */
  readonly expected: Uint8Array
}

/** A question about bytes that are here: any range of them, so that a holder must have them all. `bytes` is not empty. */
export function createSpot(
  feed: Identity,
  cid: RawCid,
  bytes: Uint8Array,
  { random, sha256 }: { readonly random: RandomBytes; readonly sha256: Sha256 },
): Spot {
  const chance = random(8)
  const view = new DataView(chance.buffer, chance.byteOffset, chance.byteLength)
  const offset = view.getUint32(0) % bytes.length
  const length = 1 + (view.getUint32(4) % (bytes.length - offset))
  const nonce = random(spotNonceBytes)
  const expected = spotHash(nonce, bytes.subarray(offset, offset + length), sha256)
  return { check: { for: feed, cid, nonce, offset, length }, expected }
}
