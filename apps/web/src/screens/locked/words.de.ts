import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Gesperrt',
  lead: 'Deine Daten in diesem Browser öffnen sich mit deiner Passphrase.',
  passphrase: 'Passphrase',
  wrong: 'Das ist sie nicht. Achte auf Großbuchstaben und Leerzeichen.',
  unlock: 'Entsperren',
}
