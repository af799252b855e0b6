import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Neuigkeiten',
  silence: 'Wovon du nichts hören willst',
  emptyTitle: 'Alles ruhig',
  empty: 'Hier erscheinen Antworten, Erwähnungen, Reaktionen und neue Follower.',
  findPeople: 'Leute finden',
  reply: '<who/> hat dir geantwortet',
  mention: '<who/> hat dich erwähnt',
  follow: '<who/> folgt dir',
  reaction: '<who/> reagierte mit {{labels}} auf',
  reactions_one: '<who/> und {{count}} andere Person reagierten mit {{labels}} auf',
  reactions_other: '<who/> und {{count}} andere reagierten mit {{labels}} auf',
  unread: 'Neu',
  yourPicture: 'dein Bild',
  wordsTitle: 'Wörter',
  wordsText:
    'Von Beiträgen mit diesen Wörtern hörst du nichts, und auf Start sind sie zugeklappt. Auf allen deinen Geräten; sonst weiß es niemand.',
  word: 'Wort oder Wortgruppe',
  add: 'Hinzufügen',
  take: '„{{word}}“ entfernen',
  noWords: 'Noch keine Wörter.',
  unfit: 'Bitte ein Wort oder eine kurze Wortgruppe.',
  threadsText: 'Gespräche bringst du im Menü ihrer Beiträge zum Schweigen.',
  close: 'Schließen',
}
