export * from './authority.ts'
export { type AccountChange, accountChanges } from './changes.ts'
export { claimMove, claimState, type MoveClaim, type ProvenState, type StateClaim } from './evidence.ts'
export { chooseFinal, type FinalChoice, finalOfHead, type HeadSighting } from './finals.ts'
export type { StateVerdict } from './line.ts'
export { type MoveDraft, type MovedAccount, type MoveFault, moveAccount } from './moving.ts'
export { type Accounts, createAccounts, type Followed, type FollowedFeed } from './people.ts'
export { isPhraseOf } from './phrase-of.ts'
export { type AccountReaders, readersOf } from './readers.ts'
export {
  type HeadPlace,
  type HeadRefusal,
  isBeyondFinal,
  refuseHead,
  type Standing,
} from './standing.ts'
export {
  type AccountDraft,
  addMember,
  createAccount,
  emptyProfile,
  forgetRevoked,
  grantLeave,
  handOver,
  type MemberOffer,
  mainDevice,
  type NextState,
  nextSerial,
  replaceMain,
  revoke,
  type StateFault,
  type SynodProfile,
  setLabel,
  setProfile,
  signMember,
} from './state.ts'
export { reservedMoves, type StateSizeFault, stateEntryBytes } from './state-size.ts'
