import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Willkommen bei Effigy',
  lead: 'Deine Worte und Bilder bleiben auf deinen eigenen Geräten. Du teilst sie mit deinen Freunden, und niemand dazwischen kann sie ändern.',
  invited: '{{name}} lädt dich ein',
  invitedLead: 'Sag, wer du bist, und du bist dabei. Du wirst sehen, was {{name}} schreibt.',
  invitedHub: 'Du bist zu {{name}} eingeladen',
  invitedHubLead:
    'Sag, wer du bist, und du bist dabei. Bei {{name}} holen deine Freunde, was du schreibst, während deine Geräte aus sind.',
  invalid: 'Die Einladung, die hierher führte, gilt nicht. Du kannst ohne sie anfangen.',
  name: 'Dein Name',
  nameHelp: 'Wie deine Freunde dich kennen. Du kannst ihn jederzeit ändern.',
  namePlaceholder: 'Zum Beispiel Ada',
  picture: 'Ein Bild hinzufügen',
  pictureChange: 'Ein anderes Bild wählen',
  lock: 'Diesen Browser mit einem Passwortsatz sperren',
  passphrase: 'Passwortsatz',
  passphraseHelp:
    'Mindestens 8 Zeichen. Er wird bei jedem Öffnen der App hier gefragt. Niemand kann ihn dir sagen, wenn du ihn vergisst.',
  start: 'Anfangen',
  starting: 'Dein Platz wird eingerichtet…',
  before: 'Ich war schon hier',
  noMail: 'Keine E-Mail, keine Telefonnummer, kein Passwort.',
  noHub: 'Du bist noch bei keinem Hub: was du schreibst, bleibt auf diesem Gerät, bis dich jemand einlädt.',
  hub: 'Du fängst beim Hub {{name}} an.',
  terms: 'Was er von dir erwartet: {{terms}}',
}
