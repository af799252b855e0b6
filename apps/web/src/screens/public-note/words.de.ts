import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Ein Beitrag von {{name}}',
  somebody: 'Jemand',
  loading: 'Der Beitrag wird geholt …',
  goneTitle: 'Dieser Beitrag lässt sich hier nicht lesen',
  gone: 'Er wurde zurückgenommen, ist nur für einige Menschen gedacht, oder dieser Hub hat ihn nicht.',
  again: 'Noch einmal',
  checked: 'Die Unterschrift der Person, die ihn schrieb, wurde in deinem Browser geprüft.',
  showAll: 'Trotzdem zeigen',
  album: 'Ein Album: {{name}}',
  files_one: '{{count}} Datei',
  files_other: '{{count}} Dateien',
  film: 'Ein Film, ein Ton oder ein Dokument. Du siehst es mit einem Konto.',
  picture: 'Ein Bild',
  showPicture: 'Bild zeigen',
  strangerPicture: 'Von jemandem, dem du nicht folgst',
  pictureMissing: 'Dieses Bild ist nicht hier.',
  answers_one: '{{count}} Antwort',
  answers_other: '{{count}} Antworten',
  joinTitle: 'Antworte etwas',
  join: 'Effigy ist ein Ort für Menschen und ihre Freunde: keine Werbung, keine Firma dazwischen. Ein Name genügt.',
  begin: 'Anfangen',
  author: 'Sehen, wer es geschrieben hat',
}
