/**
 * What the sessions of one peer share, so that nothing is fetched, carried or counted twice.
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import type { AccountTable } from '@effigy/store'
import type { Clock } from '../clock.ts'
import { type Carriers, createCarriers } from '../gossip/carriers.ts'
import { type Log, silentLog } from '../log.ts'
import { createLedger, type Ledger } from '../reciprocity/ledger.ts'
import { createServiceQueue, type ServiceQueue } from '../reciprocity/service-queue.ts'
import { type BlobTransfers, createBlobTransfers } from './blob-transfers.ts'
import { type Claims, createClaims } from './claims.ts'
import { createInterests, type Interests } from './interests.ts'
import { createVerifiedHeads, type VerifiedHeads } from './verified-heads.ts'

export interface Replication {
  readonly feeds: Claims<Identity>
  readonly blobs: BlobTransfers
  readonly interests: Interests
  readonly carriers: Carriers
  /** Heads whose entries came along with them and are being checked. */
  readonly arriving: Set<RawCid>
  readonly verifiedHeads: VerifiedHeads
  /** Its maker disposes it when all sessions are over. */
  readonly ledger: Ledger
  readonly service: ServiceQueue
}

export interface ReplicationOptions {
  /** What accounts are kept in; they end with the process when omitted. */
  readonly accounts?: AccountTable | undefined
  readonly log?: Log
  /** Of all answers to all sessions; no limit when omitted. */
  readonly servedBytesPerSecond?: number | undefined
}

/** One for all sessions of a peer. */
export function createReplication(
  clock: Clock,
  { accounts, log = silentLog, servedBytesPerSecond = Number.POSITIVE_INFINITY }: ReplicationOptions = {},
): Replication {
  return {
    feeds: createClaims(clock),
    blobs: createBlobTransfers(clock),
    interests: createInterests(clock),
    carriers: createCarriers(clock),
    arriving: new Set(),
    verifiedHeads: createVerifiedHeads(),
    ledger: createLedger({ clock, log, table: accounts ?? null }),
    service: createServiceQueue(clock, { bytesPerSecond: servedBytesPerSecond }),
  }
}
