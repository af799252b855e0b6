import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Sperre',
  none: 'Noch keine Sperre: Wer an diesen Browser kommt, kann in deinem Namen schreiben.',
  worth:
    'Mit einer Sperre kannst nur du es. Sie verbirgt nicht, was hier gespeichert ist: Wer die Dateien dieses Computers lesen kann, kann auch das lesen. Eine verschlüsselte Festplatte hilft.',
  wordsFirst: 'Schreib zuerst deine Wörter auf',
  wordsFirstText: 'Wenn du verlierst, was die Sperre öffnet, bringen nur deine Wörter dein Konto zurück.',
  toWords: 'Zu meinen Wörtern',
  withPassphrase: 'Mit einer Passphrase sperren',
  withPasskey: 'Mit einem Passkey sperren',
  passphrase: 'Passphrase',
  passphraseHelp: 'Mindestens 8 Zeichen. Vier ungewöhnliche Wörter sind gut.',
  repeat: 'Noch einmal dasselbe',
  differs: 'Die beiden sind nicht gleich.',
  lockIt: 'Diesen Browser sperren',
  newKeys:
    'Von da an schreibt hier nur in deinem Namen, wer die Sperre öffnet. Eine Kopie dieses Browsers von vorher kann nichts mehr für dich schreiben. Was du geschrieben hast, bleibt deins.',
  copied:
    'Konnte jemand die Dateien dieses Browsers kopieren, bevor er eine Sperre hatte, kann er dein Konto immer noch ändern. Das beenden nur deine Wörter: Hol dein Konto zurück, mit neuen Wörtern.',
  toTakeBack: 'Zu meinem Konto',
  working: 'Die Sperre wird angebracht. Lass das offen…',
  notMain:
    'Nur dein Hauptgerät lässt sich später sperren. Mach diesen Browser zum Hauptgerät, sperre ihn, und gib die Rolle zurück, wenn du magst.',
  opensWith: 'Was sie öffnet',
  lock_passphrase: 'Passphrase',
  lock_passkey: 'Passkey',
  lock_passkeyOf: 'Passkey {{number}}',
  change: 'Passphrase ändern',
  addPassphrase: 'Passphrase hinzufügen',
  addPasskey: 'Passkey hinzufügen',
  remove: 'Entfernen',
  removeOf: 'Entfernen: {{lock}}',
  now: 'Jetzige Passphrase',
  nowOrPasskey: 'Lass es leer, um deinen Passkey zu verwenden.',
  known:
    'Konnte jemand diese Sperre bisher öffnen und die Dateien dieses Browsers kopieren, genügt es nicht, sie zu ändern: Er hat die Schlüssel. Nimm diesen Browser dann aus deinem Konto, von einem anderen Gerät oder mit deinen Wörtern, und fang hier neu an.',
  next: 'Neue Passphrase',
  save: 'Speichern',
  cancel: 'Abbrechen',
  lockNow: 'Jetzt sperren',
  idle: 'Von selbst sperren',
  idleNever: 'Nie',
  idleAfter_one: 'Nach {{count}} Minute ohne Berührung',
  idleAfter_other: 'Nach {{count}} Minuten ohne Berührung',
  settings: 'Sperre diesen Browser mit einer Passphrase oder einem Passkey, unter Geräte.',
  toLock: 'Zur Sperre',
}
