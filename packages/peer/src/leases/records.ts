/**
 * Lists of signed records as holders answer them (spec V35, V36): leases that they know of, receipts.
 *
 *     {sizes} ‖ records ─bounds, form, signer▶ claims of that holder
 *
 * @module
 */
import {
  decodeLease,
  decodeReceipt,
  type Identity,
  type Lease,
  leaseCheck,
  maxLeaseRecordBytes,
  type Receipt,
  receiptCheck,
  type SignatureCheck,
} from '@effigy/core'
import type { ReceivedAnswer } from '@effigy/sync'
import type { LeasePorts } from './ports.ts'

/** Records in one answer: what an owner may have of one holder (V31). */
const maxRecords = 64

/** Null: no such list. What is not signed by the holder is left out. */
export async function leasesIn(
  answer: ReceivedAnswer,
  holder: Identity,
  ports: Pick<LeasePorts, 'crypto'>,
): Promise<readonly Lease[] | null> {
  const signed = split(answer)?.map(decodeLease)
  if (signed === undefined) return null
  return ofHolder(
    signed.flatMap((one) => (one.ok ? [{ claim: one.value.claim, check: leaseCheck(one.value) }] : [])),
    holder,
    ports,
  )
}

export async function receiptsIn(
  answer: ReceivedAnswer,
  holder: Identity,
  ports: Pick<LeasePorts, 'crypto'>,
): Promise<readonly Receipt[] | null> {
  const signed = split(answer)?.map(decodeReceipt)
  if (signed === undefined) return null
  return ofHolder(
    signed.flatMap((one) => (one.ok ? [{ claim: one.value.claim, check: receiptCheck(one.value) }] : [])),
    holder,
    ports,
  )
}

async function ofHolder<Claim extends { readonly holder: Identity }>(
  records: readonly { readonly claim: Claim; readonly check: SignatureCheck }[],
  holder: Identity,
  { crypto }: Pick<LeasePorts, 'crypto'>,
): Promise<readonly Claim[]> {
  const theirs = records.filter(({ claim }) => claim.holder === holder)
  const valid = await crypto.verify(theirs.map(({ check }) => check))
  return theirs.flatMap(({ claim }, at) => (valid[at] === true ? [claim] : []))
}

function split({ value: { sizes }, bytes }: ReceivedAnswer): readonly Uint8Array[] | null {
  if (!Array.isArray(sizes) || sizes.length > maxRecords) return null
  const records: Uint8Array[] = []
  let at = 0
  for (const size of sizes as readonly unknown[]) {
    if (!Number.isSafeInteger(size) || (size as number) < 1 || (size as number) > maxLeaseRecordBytes)
      return null
    records.push(bytes.slice(at, at + (size as number)))
    at += size as number
  }
  return at === bytes.length ? records : null
}
