import type { Translated } from '../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  cancel: 'Abbrechen',
  close: 'Schließen',
  undo: 'Rückgängig',
  doUndo: 'Das Letzte zurücknehmen',
  language: 'Sprache',
  languageAuto: 'Wie dieses Gerät spricht',
  typeToGoOn: 'Schreib „{{word}}“, um fortzufahren',
  somebody: 'Jemand',
  you: 'Du',
  pictureOf: 'Bild von {{name}}',
  faultTitle: 'Das hat nicht geklappt',
}
