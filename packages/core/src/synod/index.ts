export * from './authority.ts'
export { claimMove, claimState, type MoveClaim, type ProvenState, type StateClaim } from './evidence.ts'
export type { StateVerdict } from './line.ts'
export {
  type HeadPlace,
  type HeadRefusal,
  isBeyondFinal,
  refuseHead,
  type Standing,
} from './standing.ts'
