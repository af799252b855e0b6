export * from './group.ts'
export type { Refusal } from './judge.ts'
export * from './keys.ts'
export {
  compareNames,
  groupId,
  maxOperations,
  maxOperationsOfPerson,
  nameKey,
  operationsConversation,
  type Person,
  type PersonOf,
} from './operation.ts'
