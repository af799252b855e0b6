export { type ContentKey, type ContentKeys, maxFirstCandidates, maxKeysOfGiver } from './content-keys.ts'
export type {
  Conversation,
  ConversationAuthor,
  ConversationName,
  Conversations,
  NewMessage,
} from './conversations.ts'
export type { OpenedText, ShutEntries, ShutEntry, StayedShut } from './shut-entries.ts'
export type { ToldTexts } from './told-texts.ts'
