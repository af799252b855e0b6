/**
 * What services keep: drops for those who are away, leases.
 *
 * @module
 */
export type * from './drop-store.ts'
export { createDropTable } from './drop-table.ts'
export { createLeaseCover, type LeaseCover, type LeasedChain } from './lease-cover.ts'
export { createMemoryLeases, type GoneLease, type HeldLease, type LeaseStore } from './lease-store.ts'
export { createLeaseTable } from './lease-table.ts'
export { createMemoryDrops } from './memory-drops.ts'
export {
  createPromiseTable,
  type LeasePromise,
  type LeasePromises,
  type PromiseNews,
} from './promise-table.ts'
export {
  createMemorySeen,
  defaultSeenRoom,
  type SeenDrop,
  type SeenDrops,
  type SeenRoom,
} from './seen-drops.ts'
export { createSeenTable } from './seen-table.ts'
export type { TakenDrop, TakenDrops } from './taken-drops.ts'
export { createTakenTable } from './taken-table.ts'
export { withStrangers } from './with-strangers.ts'
