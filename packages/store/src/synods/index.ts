export { chainEnd, codeOf, type FeedLimit, type LimitCode } from './limit.ts'
export type { UnprovenState } from './state-table.ts'
export type { Synods } from './synods.ts'
