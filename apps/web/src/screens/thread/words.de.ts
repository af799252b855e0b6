import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Gespräch',
  answers_one: '{{count}} Antwort',
  answers_other: '{{count}} Antworten',
  nobody: 'Noch hat niemand geantwortet.',
  older_one: '{{count}} Antwort gilt etwas von <who/>, das noch nicht auf diesem Gerät ist.',
  older_other: '{{count}} Antworten gelten etwas von <who/>, das noch nicht auf diesem Gerät ist.',
  strange_one: '{{count}} Antwort gilt etwas von <who/>. Diese Beiträge behält dieses Gerät nicht.',
  strange_other: '{{count}} Antworten gelten etwas von <who/>. Diese Beiträge behält dieses Gerät nicht.',
  get: 'Holen',
  getting: 'Wir fragen Freunde und Hubs …',
  notYet: 'Niemand, der verbunden ist, hat es. Es kommt von selbst, wenn jemand es hat.',
  look: 'Ansehen, wer das ist',
  more: 'Mehr Antworten zeigen',
  noBeginning: 'Der Anfang dieses Gesprächs ist nicht auf diesem Gerät.',
  goneTitle: 'Das ist nicht hier',
  gone: 'Es wurde zurückgenommen, oder es hat dieses Gerät nicht erreicht. Hat dir jemand den Link geschickt, dann folge der Person: vielleicht kommt es.',
  badTitle: 'Dieser Link führt nirgendwohin',
  bad: 'Vielleicht ist er vertippt oder abgeschnitten.',
  home: 'Zur Startseite',
  muted: 'Von diesem Gespräch hörst du nichts.',
}
