export { type ContentKey, type ContentKeys, maxFirstCandidates, maxKeysOfGiver } from './content-keys.ts'
export type { OpenedText, ShutEntries, ShutEntry } from './shut-entries.ts'
