/**
 * What services keep: drops for those who are away, leases.
 *
 * @module
 */
export type * from './drop-store.ts'
export { createDropTable } from './drop-table.ts'
export { createMemoryLeases, type HeldLease, type LeaseStore } from './lease-store.ts'
export { createLeaseTable } from './lease-table.ts'
export { createMemoryDrops } from './memory-drops.ts'
