import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Vergewissern: {{name}}',
  loading: 'Einen Moment …',
  somebody: 'Jemand',
  why: 'Jeder kann jeden Namen und jedes Bild nehmen. Habt ihr verglichen, weißt du, dass niemand zwischen euch steht, und du erfährst es, wenn sich etwas ändert.',
  ways: 'Wie verglichen wird',
  show: 'Mein Code',
  scan: 'Scannen',
  number: 'Zahl',
  showText: 'Lass {{name}} das scannen: auf der Seite über dich, unter „Scannen“.',
  qrLabel: 'QR-Code, den {{name}} scannt',
  scanText: 'Halte deine Kamera über den Code, den {{name}} auf der Seite über dich zeigt.',
  numberText:
    'Lest die Zahl einander vor, oder vergleicht die Bilder: von Angesicht zu Angesicht, oder am Telefon, wenn du die Stimme kennst. {{name}} findet dasselbe auf der Seite über dich.',
  numberLabel: 'Die Zahl zum Vergleichen',
  picturesLabel: 'Dasselbe als Bilder',
  same: 'Sie sind gleich',
  different: 'Sie sind verschieden',
  differentTitle: 'Vertrau dem noch nicht',
  differentText:
    'Entweder schaut einer von euch auf die Seite von jemand anderem, oder jemand steht zwischen euch. Öffnet die Seiten noch einmal mit einem Code, den ihr einander zeigt, und vergleicht neu. Schreib bis dahin nichts, was andere nicht wissen dürfen.',
  doneTitle: 'Du hast dich vergewissert: {{name}}',
  done: 'Ein Schild steht von jetzt an hinter dem Namen, auf allen deinen Geräten. Es geht weg, wenn das Konto umzieht, und du erfährst es.',
  ready: 'Fertig',
  takeBack: 'Zurücknehmen',
  notYetTitle: 'Noch nicht möglich',
  notYet: 'Etwas von diesem Konto fehlt hier noch. Bleib einen Moment verbunden.',
  foreign: 'Das ist kein Code zum Vergleichen. {{name}} findet ihn auf der Seite über dich.',
  damaged: 'Ein Teil des Codes fehlt. Halte die Kamera näher, oder kopiere ihn ganz.',
  version: 'Dieser Code ist von einer neueren Version der App. Aktualisiere zuerst deine.',
  deviceCode:
    'Dieser Code verbindet ein Gerät mit einem Konto. Benutze nie einen, den dir jemand geschickt hat.',
  own: 'Das ist dein eigener Code. Er ist für die Kamera von {{name}}.',
  notThem: 'Dieser Code gehört jemand anderem als auf dieser Seite. Vertrau ihm noch nicht.',
  moved:
    'Das Konto hier ist ein anderes als auf dem anderen Bildschirm. Verbindet euch beide und versucht es noch einmal; bleibt es so, gibt sich jemand aus.',
  otherYou:
    'Dort ist die Seite von jemand anderem offen, oder jemand gibt sich dort als du aus. Vertrau dem noch nicht.',
  changedTitle: 'Das hat sich gerade geändert',
  changed:
    'Während des Vergleichs kam Neues von {{name}}. Was du bisher verglichen hast, zählt nicht: Fang noch einmal an.',
  compareAgain: 'Noch einmal vergleichen',
}
