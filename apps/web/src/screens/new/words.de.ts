import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Etwas schreiben',
  posted: 'Veröffentlicht. Es geht von selbst an deine Freunde.',
  drafts: 'Was du angefangen hast',
  draftTo: 'An <who/>',
  draftNew: 'Ein Beitrag',
  draftReply: 'Eine Antwort',
  draftTalk: 'Eine Nachricht',
  goOn: 'Weiterschreiben',
  discard: 'Wegwerfen',
}
