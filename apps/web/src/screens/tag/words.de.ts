import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  keep: 'Auf Start behalten',
  kept: 'Auf Start',
  emptyTitle: 'Noch nichts',
  empty: 'Niemand, dessen Beiträge auf diesem Gerät sind, hat darüber geschrieben.',
  write: 'Etwas schreiben',
  findPeople: 'Leute finden',
}
