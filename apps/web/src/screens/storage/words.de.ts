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
  quotaLeft: 'Der Browser erlaubt bis zu {{size}}, davon sind {{left}} frei.',
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
  thin: 'Nur das Neueste behalten',
  thinTitle: 'Nur die neuesten Bilder und Dateien von {{name}} behalten?',
  thinText_one:
    'Die von {{count}} älterem Beitrag verlassen dieses Gerät. Das macht etwa {{size}} frei. Die der {{newest}} neuesten bleiben, ebenso alle Worte, Nachrichten und Alben, die du auf diesem Gerät behältst. Ältere kommen wieder, wenn du sie ansiehst, sofern jemand erreichbar ist, der sie hat.',
  thinText_other:
    'Die von {{count}} älteren Beiträgen verlassen dieses Gerät. Das macht etwa {{size}} frei. Die der {{newest}} neuesten bleiben, ebenso alle Worte, Nachrichten und Alben, die du auf diesem Gerät behältst. Ältere kommen wieder, wenn du sie ansiehst, sofern jemand erreichbar ist, der sie hat.',
  thinNone:
    'Es gibt nichts Älteres freizugeben: Was hier ist, gehört zu den {{newest}} neuesten Beiträgen, ist eigens behalten oder wird anderswo gebraucht.',
  thinned: 'Etwa {{size}} sind wieder frei.',
  letGo: 'Ältere Bilder und Dateien kommen, wenn du sie ansiehst.',
  back: 'Alles wieder holen',
  fetching: 'Ältere Bilder und Dateien werden wieder geholt, sobald jemand erreichbar ist, der sie hat.',
  freeSpare: 'Vorrat freigeben',
  freed: '{{size}} sind wieder frei.',
}
