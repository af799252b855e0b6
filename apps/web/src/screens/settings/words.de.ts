import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Einstellungen',
  intro: 'Sie gelten nur für dieses Gerät.',
  language: 'Sprache',
  look: 'Aussehen',
  theme: 'Farben',
  themeAuto: 'Automatisch',
  themeLight: 'Hell',
  themeDark: 'Dunkel',
  textSize: 'Schriftgröße',
  news: 'Neuigkeiten',
  newsOutside: 'Sag mir, wenn es Neues gibt',
  newsOutsideHelp:
    'Dein Gerät zeigt, dass es etwas Neues gibt, während die App im Hintergrund offen ist. Was gesagt wurde, zeigt es nie.',
  newsRefused:
    'Du hast das in deinem Browser abgelehnt. Erlaube dort Mitteilungen für diese Seite und komm dann wieder.',
  newsImpossible:
    'Dieser Browser kann das nicht. Vielleicht hilft es, die App auf deinem Gerät zu installieren.',
  writing: 'Schreiben',
  altReminder: 'Erinnere mich, wenn ein Bild keine Beschreibung hat',
  altReminderHelp: 'Wer Bilder nicht sehen kann, freut sich darüber.',
}
