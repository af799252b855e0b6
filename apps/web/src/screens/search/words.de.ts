import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Suche',
  field: 'Was suchst du?',
  placeholder: 'Wörter, Namen, #Themen',
  when: 'Wann',
  anyTime: 'Irgendwann',
  week: 'Letzte Woche',
  month: 'Letzter Monat',
  year: 'Letztes Jahr',
  people: 'Leute',
  posts: 'Beiträge',
  messages: 'Nachrichten',
  moreMessages: 'Mehr Nachrichten',
  startTitle: 'Alles auf diesem Gerät',
  start:
    'Beiträge, Antworten, deine Nachrichten und Leute, denen du folgst. Es geht ohne Verbindung, und niemand erfährt, was du suchst.',
  nothingTitle: 'Nichts gefunden',
  nothing: 'Alle Wörter müssen vorkommen. Versuch es mit weniger, oder mit dem Anfang von einem.',
  looking: 'Es wird weiter zurück gesucht …',
  soFarTitle: 'Bisher nichts gefunden',
  soFar: 'Weiter zurück gibt es noch mehr, das nicht durchgesehen ist.',
  lookOn: 'Weiter zurück suchen',
  lookOnMessages: 'Bei den Nachrichten weiter zurück suchen',
  lookOnPosts: 'Bei den Beiträgen weiter zurück suchen',
  findPeople: 'Leute finden',
  lookAnyTime: 'Ohne Zeitraum suchen',
  behind_one: '{{count}} neuerer Beitrag wird noch gelesen.',
  behind_other: '{{count}} neuere Beiträge werden noch gelesen.',
  tag: 'Alles zum Thema #{{label}}',
}
