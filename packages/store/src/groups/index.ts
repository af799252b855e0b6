export type { GroupText, GroupTextKind, GroupTexts, MessagePlace } from './group-texts.ts'
