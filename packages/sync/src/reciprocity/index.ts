/**
 * Reciprocity (spec G5, G6): who gave what, and who is served first under load.
 *
 * @module
 */
export { createLedger, type Ledger, type LedgerPorts } from './ledger.ts'
export {
  createServiceQueue,
  type ServiceClient,
  type ServiceOptions,
  type ServiceQueue,
  type ServiceTurn,
  type Standing,
} from './service-queue.ts'
export { createServing, type Serving, standingOf } from './serving.ts'
