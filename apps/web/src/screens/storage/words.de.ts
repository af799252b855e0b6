import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Speicher',
  intro: 'Was dieses Gerät aufbewahrt, damit es auch ohne Verbindung da ist.',
  wholeTitle: '{{size}} insgesamt',
  texts: 'Worte',
  files: 'Bilder und Dateien in Gebrauch',
  spare: 'Bilder und Dateien auf Vorrat',
  spareText: 'Der Vorrat geht von selbst, wenn Platz gebraucht wird.',
  quota: 'Der Browser erlaubt bis zu {{size}}.',
  persisted: 'Der Browser behält das, bis du etwas anderes sagst.',
  notPersisted: 'Der Browser darf das wegwerfen',
  notPersistedText:
    'Wenn dem Gerät der Platz ausgeht, entfernt er vielleicht, was hier ist. Deine Hubs und anderen Geräte haben weiter, was sie haben.',
  persist: 'Bitten, alles zu behalten',
  persistNo: 'Der Browser hat vorerst nein gesagt. Es hilft, die App öfter zu nutzen oder zu installieren.',
  peopleTitle: 'Nach Personen',
  peopleText: 'Ein Bild, das mehrere geteilt haben, zählt bei jeder Person.',
  self: 'Du',
  detail_one: '{{count}} Beitrag: {{texts}} Worte, {{files}} Dateien',
  detail_other: '{{count}} Beiträge: {{texts}} Worte, {{files}} Dateien',
  free: 'Freigeben',
  freeTitle: 'Was {{name}} schrieb, von diesem Gerät entfernen?',
  freeText: 'Das macht {{size}} frei. Du folgst dieser Person nicht; wenn du es tust, kommt es wieder.',
}
