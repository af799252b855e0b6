import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Gesperrt',
  lead: 'Deine Daten in diesem Browser öffnen sich mit deiner Passphrase.',
  leadPasskey: 'Deine Daten in diesem Browser öffnen sich mit deinem Passkey.',
  withPasskey: 'Meinen Passkey verwenden',
  lost: 'Ich kann es nicht mehr öffnen',
  anewTitle: 'In diesem Browser neu beginnen?',
  anewText:
    'Alles von dir verschwindet aus diesem Browser. Mit deinen Wörtern oder einem anderen Gerät von dir bekommst du dein Konto zurück, auch hier. Ohne sie niemand, auch nicht mit einer Sicherung.',
  anew: 'Entfernen und neu beginnen',
  anewWord: 'entfernen',
  passphrase: 'Passphrase',
  wrong: 'Das ist sie nicht. Achte auf Großbuchstaben und Leerzeichen.',
  unlock: 'Entsperren',
}
