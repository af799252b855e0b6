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
  givenTitle: '{{name}} hat dir einen Teil der eigenen geheimen Wörter gegeben',
  givenText:
    'Verwahre ihn: Er ist schon auf diesem Gerät. Wenn diese Person ihre Geräte verliert, bittet sie dich darum. Mit ihm allein kommt niemand in ihr Konto.',
  joinedTitle: 'Ein Gerät kam zu deinem Konto dazu: {{label}}',
  joinedText:
    'Warst du das? Wenn nicht, kann jemand in deinem Namen schreiben: Sieh unter Geräte nach und entferne es.',
  movedTitle: 'Jemand hat dein Konto mit seinen Wörtern auf ein anderes Gerät genommen',
  movedText:
    'Warst du das? Wenn nicht, kennt jemand deine Wörter: Sieh unter Geräte nach, und nimm dein Konto unter Mein Konto zurück.',
  disputedTitle: 'Zwei Geräte entscheiden zugleich über dein Konto',
  disputedText:
    'Vielleicht hast du deine Wörter auf zwei Geräten eingegeben, oder jemand hat sie oder eine Kopie deines Hauptgeräts. Nimm dein Konto unter Mein Konto mit neuen Wörtern zurück, und nimm vorher nichts aus diesem Browser heraus.',
  seeDevices: 'Geräte ansehen',
  wasMe: 'Das war ich',
  seen: 'Schließen',
  heldTitle: 'Das Schreiben wartet einen Moment',
  heldText: 'Dieses Gerät war weg. Es stellt erst sicher, dass ihm nichts von dir fehlt.',
  versionsTitle: 'Von dem, was du geschrieben hast, sind zwei Fassungen bekannt',
  versionsText: 'Hier wird nichts mehr geschrieben, bis du sagst, ob beides von dir war.',
}
