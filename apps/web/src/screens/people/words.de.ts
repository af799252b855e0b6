import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Menschen',
  add: 'Jemanden hinzufügen',
  myCode: 'Mein Code',
  search: 'Nach Namen suchen',
  which: 'Welche Menschen',
  following: 'Du folgst',
  followers: 'Folgen dir',
  hidden: 'Verborgen',
  blocked: 'Blockiert',
  muted: 'Stumm',
  somebody: 'Jemand',
  calls: 'nennt sich <name/>',
  loading: 'Einen Moment …',
  more: 'Mehr zeigen',
  noneFound: 'Hier ist niemand mit diesem Namen.',
  attention_one: '{{count}} Mensch ist nicht wie vorher',
  attention_other: '{{count}} Menschen sind nicht wie vorher',
  attentionText:
    'Ein neuer Name, ein neues Bild oder ein umgezogenes Konto. Schau sie dir einmal an, damit sich niemand an ihre Stelle setzt.',
  attentionShow: 'Wer?',
  emptyFollowingTitle: 'Du folgst noch niemandem',
  emptyFollowing:
    'Füge jemanden hinzu: mit dem Code auf dem anderen Bildschirm, einem Link oder einer Einladung. Was sie schreiben, liegt dann hier, mit und ohne Verbindung.',
  emptyFollowersTitle: 'Dir folgt noch niemand',
  emptyFollowers: 'Zeig jemandem deinen Code, oder schick deinen Link.',
  emptyHiddenTitle: 'Du verbirgst niemanden',
  emptyHidden: 'Wen du stumm schaltest oder blockierst, steht hier, damit du es dir anders überlegen kannst.',
  addText:
    'Halte deine Kamera über den Code auf dem anderen Bildschirm. Ein Link, eine Adresse wie name@hub oder eine Einladung geht auch.',
  pasteLabel: 'Link, Adresse oder Einladung',
  notUnderstood: 'Das führt zu niemandem. Bitte um einen Link, einen Code oder eine Adresse wie name@hub.',
  deviceCode:
    'Dieser Code verbindet ein Gerät mit einem Konto. Benutze nie einen, den dir jemand geschickt hat.',
  looking: '{{name}} wird gesucht …',
  stopped: 'Die Suche ist angehalten.',
  myPage: 'Deine Seite',
  close: 'Schließen',
  myCodeTitle: 'Dein Code',
  myCodeText: 'Wer ihn scannt, kommt auf deine Seite und kann dir dort folgen.',
  qrLabel: 'QR-Code, der auf deine Seite führt',
  myLink: 'Dein Link',
  copyLink: 'Link kopieren',
  copied: 'Kopiert',
  share: 'Verschicken',
}
