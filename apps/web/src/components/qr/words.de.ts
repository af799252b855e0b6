import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  cameraView: 'Was deine Kamera sieht',
  cameraAsking: 'Dein Browser fragt, ob diese Seite die Kamera benutzen darf.',
  cameraDenied:
    'Die Kamera ist hier nicht erlaubt. Erlaube sie in den Einstellungen deines Browsers, oder nimm einen der anderen Wege unten.',
  cameraNone: 'Keine Kamera gefunden. Nimm einen der anderen Wege unten.',
  cameraFailed: 'Die Kamera geht gerade nicht. Vielleicht benutzt sie eine andere App.',
  cameraAgain: 'Noch einmal versuchen',
  paste: 'Oder füge den Code ein',
  use: 'Benutzen',
  fromPicture: 'Ein Bild des Codes wählen',
  noCodeInPicture: 'In diesem Bild ist kein Code zu finden. Nimm ihn von näher und gerade von vorn auf.',
}
