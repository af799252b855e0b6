import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/public-note', {
  title: 'A note by {{name}}',
  somebody: 'Somebody',
  loading: 'Fetching the note…',
  goneTitle: 'This note cannot be read here',
  gone: 'It was taken back, it is for some people only, or this hub does not have it.',
  again: 'Try again',
  checked: 'The signature of its author was checked in your browser.',
  showAll: 'Show it all the same',
  album: 'An album: {{name}}',
  files_one: '{{count}} file',
  files_other: '{{count}} files',
  film: 'A film, a sound or a document. You see it with an account.',
  picture: 'A picture',
  pictureMissing: 'This picture is not here.',
  answers_one: '{{count}} answer',
  answers_other: '{{count}} answers',
  joinTitle: 'Say something back',
  join: 'Effigy is a place for people and their friends: no advertising, no company in between. A name is all it takes.',
  begin: 'Begin',
  author: 'See who wrote it',
})
