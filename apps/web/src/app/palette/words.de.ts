import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  acts: 'Was tun',
  screens: 'Wohin',
  write: 'Einen Beitrag schreiben',
  message: 'Eine Nachricht schreiben',
  search: 'Etwas suchen',
  addPerson: 'Jemanden hinzufügen',
  myCode: 'Meinen Code zeigen',
  light: 'Helle Farben',
  dark: 'Dunkle Farben',
}
