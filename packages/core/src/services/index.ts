/**
 * The signed records of services (spec V10-V14, W22).
 *
 * @module
 */
export * from './alias.ts'
export * from './drop.ts'
export * from './feed-letter.ts'
export * from './lease.ts'
export * from './offer.ts'
export type { ServiceRecordFault, Signed } from './read-record.ts'
