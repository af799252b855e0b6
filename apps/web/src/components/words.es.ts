import type { Translated } from '../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  cancel: 'Cancelar',
  close: 'Cerrar',
  undo: 'Deshacer',
  doUndo: 'Deshacer lo último',
  language: 'Idioma',
  languageAuto: 'El de este dispositivo',
  typeToGoOn: 'Escribe «{{word}}» para continuar',
  somebody: 'Alguien',
  you: 'Tú',
  pictureOf: 'Foto de {{name}}',
  faultTitle: 'No ha funcionado',
}
