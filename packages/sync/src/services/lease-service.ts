/**
 * Leases as a service (spec V35, V36): its methods over calls.
 *
 *     ask {for, epoch, length, head, blobs, until, bytes} ─▶ ‖ signed record      list ─▶ {sizes} ‖ records
 *     receipts {} ─▶ {sizes} ‖ signed records
 *     check {for, cid, offset, length} ‖ nonce ─▶ ‖ hash                         release {for} ─▶ {}
 *
 * @module
 */
import {
  concatBytes,
  err,
  type Identity,
  type JsonObject,
  maxEpoch,
  ok,
  parseIdentity,
  parseRawCid,
  type RawCid,
  type Signer,
  signLease,
  signReceipt,
} from '@effigy/core'
import type { LeaseHolder, LeaseRequest } from './lease-holder.ts'
import type { Service, ServiceRefusal } from './service.ts'

const badValue = err<ServiceRefusal>({ code: 'bad-value', retryMs: null })

/**
 * Serves `holder` to whoever passes `isFor`; `signer` signs leases and receipts as this device. What is asked for wrongly is refused with
 * `bad-value`.
 */
export function createLeaseService(holder: LeaseHolder, signer: Signer, isFor: Service['isFor']): Service {
  return {
    name: 'datalease',
    isFor,
    methods: {
      async ask({ remote, value }) {
        const asked = requestIn(value)
        if (asked === null) return badValue
        const granted = holder.request(remote, asked)
        if (!granted.ok) return granted
        const record = await signLease(granted.value, signer)
        const refusal = holder.grant(remote, granted.value, record)
        return refusal === null ? ok({ value: {}, bytes: record }) : err(refusal)
      },
      async list({ remote }) {
        const records = holder.list(remote).map(({ record }) => record)
        return ok({ value: { sizes: records.map(({ length }) => length) }, bytes: concatBytes(...records) })
      },
      async receipts({ remote }) {
        const gone = holder.receipts(remote)
        if (!gone.ok) return gone
        const records = await Promise.all(gone.value.map((receipt) => signReceipt(receipt, signer)))
        return ok({ value: { sizes: records.map(({ length }) => length) }, bytes: concatBytes(...records) })
      },
      async check({ remote, value, bytes: nonce }) {
        const feed = identityIn(value.for)
        const cid = rawCidIn(value.cid)
        const { offset, length } = value
        if (feed === null || cid === null || !isWhole(offset) || !isWhole(length)) return badValue
        const hash = holder.spotCheck(remote, { for: feed, cid, nonce, offset, length })
        return hash.ok ? ok({ value: {}, bytes: hash.value }) : hash
      },
      async release({ remote, value }) {
        const feed = identityIn(value.for)
        if (feed === null) return badValue
        return holder.release(remote, feed) ? ok({ value: {} }) : err({ code: 'absent', retryMs: null })
      },
    },
  }
}

function requestIn(value: JsonObject): LeaseRequest | null {
  const feed = identityIn(value.for)
  const head = rawCidIn(value.head)
  const { epoch, length, blobs, until, bytes } = value
  if (feed === null || head === null) return null
  if (!isWhole(epoch) || epoch < 1 || epoch > maxEpoch || !isWhole(length) || length < 1) return null
  if (!isWhole(blobs) || !isWhole(until) || !isWhole(bytes)) return null
  return { for: feed, epoch, length, head, blobs, until, bytes }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function identityIn(value: unknown): Identity | null {
  return typeof value === 'string' ? parseIdentity(value) : null
}

function rawCidIn(value: unknown): RawCid | null {
  return typeof value === 'string' ? parseRawCid(value) : null
}
