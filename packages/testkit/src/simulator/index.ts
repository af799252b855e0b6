/**
 * A whole network in one process, replayed exactly from a seed (RELIABILITY, simulation).
 *
 * @module
 */
export * from './breaks.ts'
export * from './faults.ts'
export type * from './outcome.ts'
export * from './picture.ts'
export * from './randomness.ts'
export * from './run.ts'
