/**
 * Replication (spec R): what applications and other packages use of it.
 *
 * @module
 */
export { type BatchOptions, encodeBatch, maxBatchBytes, maxBatchEntries, maxBodyBytes } from './batch.ts'
export { type Claims, createClaims } from './claims.ts'
export { feedProgress } from './feed-progress.ts'
export type { FormerOptions, FormerWant } from './former-client.ts'
export { type Machine, type PumpEnd, pump } from './pump.ts'
export { type BatchFault, type ExpectedBatch, type RebuiltBatch, rebuildBatch } from './rebuild.ts'
export {
  createReplicator,
  type Replicator,
  type ReplicatorOptions,
  type ReplicatorStatus,
} from './replicator.ts'
export { createReplication, type Replication, type ReplicationOptions } from './shared.ts'
export { createSharing, type Sharing, type SharingFacts, type Trust } from './sharing.ts'
export { type VerifyBehindPorts, type VerifyProgress, verifyBehind } from './verify-behind.ts'
