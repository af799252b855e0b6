import { defineWords } from '../words/define.ts'

export const words = defineWords('components', {
  cancel: 'Cancel',
  close: 'Close',
  undo: 'Undo',
  doUndo: 'Take back what was just done',
  language: 'Language',
  languageAuto: 'As this device speaks',
  typeToGoOn: 'Type “{{word}}” to go on',
  somebody: 'Somebody',
  you: 'You',
  pictureOf: 'Picture of {{name}}',
  faultTitle: 'This did not work',
})
