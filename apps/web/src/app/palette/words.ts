import { defineWords } from '../../words/define.ts'

export const words = defineWords('app/palette', {
  acts: 'What to do',
  screens: 'Where to go',
  write: 'Write a note',
  message: 'Write a message',
  search: 'Search for something',
  addPerson: 'Add somebody',
  myCode: 'Show my code',
  light: 'Light colours',
  dark: 'Dark colours',
})
