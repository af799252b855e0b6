import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Start',
  sayHello: 'Sag deinen Freunden etwas',
  placeholder: 'Was geht dir durch den Kopf?',
  post: 'Veröffentlichen',
  emptyTitle: 'Deine erste Stunde',
  empty: 'Niemand, dem du folgst, hat bisher etwas geschrieben. Sag hallo, oder lade jemanden ein.',
  older: 'Ältere',
}
