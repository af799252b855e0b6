import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Etwas schreiben',
  posted: 'Veröffentlicht. Es geht von selbst an deine Freunde.',
  postedReaders: 'Veröffentlicht. Es geht von selbst zu deinen Lesern.',
  drafts: 'Was du angefangen hast',
  draftTo: 'An <who/>',
  draftNew: 'Ein Beitrag',
  draftReply: 'Eine Antwort',
  draftTalk: 'Eine Nachricht',
  goOn: 'Weiterschreiben',
  discard: 'Wegwerfen',
  discarded: 'Weggeworfen.',
  draftQuote: 'Ein Beitrag mit Zitat',
  draftEdit: 'Eine Änderung an etwas, das du geschrieben hast',
  handedTitle: 'Dir wurde etwas gegeben',
  handedApp: 'Eine andere App oder Seite gibt dir das, um darüber zu schreiben.',
  handedPage: 'Die Seite <host/> gibt dir das, um darüber zu schreiben.',
  handedNothing: 'Nichts wird veröffentlicht, bevor du es sagst.',
  handedTake: 'Damit schreiben',
}
