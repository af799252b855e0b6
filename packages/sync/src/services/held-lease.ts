/**
 * What a lease that a holder gave says, and what is kept for it (spec V32).
 *
 *     record ─▶ promised      and what it was before, for its time ─▶ kept
 *
 * @module
 */
import { decodeLease, type Lease } from '@effigy/core'
import type { HeldLease } from '@effigy/store'

/** What the record of a lease says, whatever it replaced. */
export function promisedBy({ record, until, bytes }: HeldLease): Pick<Lease, 'until' | 'bytes' | 'blobs'> {
  const decoded = decodeLease(record)
  return decoded.ok ? decoded.value.claim : { until, bytes, blobs: 0 }
}

/** Files of up to so many bytes each are kept. */
export function leasedBlobs(lease: HeldLease): number {
  return Math.max(promisedBy(lease).blobs, lease.before?.blobs ?? 0)
}
