import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  wordsTitle: 'Schreib deine geheimen Wörter auf',
  wordsText:
    'Wenn deine Geräte weg sind, bringen sie dein Konto zurück. Es braucht zwei Minuten und ein Stück Papier.',
  wordsNow: 'Meine Wörter zeigen',
  later: 'Später',
  partTitle: '„{{name}}“ braucht deine Hilfe, um zurückzukommen',
  partText:
    'Du verwahrst einen Teil der Wörter eines Freundes. Ruf an, bevor du ihn gibst: Das geht unter Mein Konto, wenn ihr sechs Wörter verglichen habt.',
  partGo: 'Zu Mein Konto',
}
