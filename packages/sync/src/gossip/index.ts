/**
 * Gossip (spec G): reconciliation, its orders and flow control.
 *
 * @module
 */
export { type ExchangeOptions, exchange, type Told } from './exchange.ts'
export { type Adaptation, adapt, type Rates, shareRates } from './flow-control.ts'
export { deepestFirst, type Order, type OrderName, orders, type Pending, wholeFirst } from './order.ts'
export { createReplica, type Delta, type Replica } from './replica.ts'
