import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Jemanden einladen',
  intro:
    'Schick einen Link, oder lass einen Code fotografieren. Es braucht keine E-Mail und keine Telefonnummer.',
  noHubTitle: 'Erst ein Ort zum Treffen',
  noHub: 'Eine Einladung führt zu einem Hub, an dem ihr euch trefft. Such dir erst einen aus.',
  toHubs: 'Hub auswählen',
  makeTitle: 'Eine neue Einladung',
  makeText: 'Wer sie öffnet, kommt herein und folgt dir von Anfang an.',
  hub: 'Wo ihr euch trefft',
  forHow: 'Für wie viele',
  people_one: 'Eine Person',
  people_other: '{{count}} Personen',
  make: 'Einladung erstellen',
  codeLabel: 'Die Einladung als Code für eine Kamera',
  madeText_one: 'Gültig bis {{date}}, für eine Person. Gib sie nur, wem du sie zudenkst.',
  madeText_other: 'Gültig bis {{date}}, für {{count}} Personen. Gib sie nur, wem du sie zudenkst.',
  link: 'Die Einladung als Link',
  copy: 'Link kopieren',
  copied: 'Kopiert',
  share: 'Teilen',
  shareText: 'Komm zu mir auf Effigy:',
  another: 'Noch eine erstellen',
  heldTitle: 'Unterwegs',
  heldText: 'Diese können noch benutzt werden.',
  heldOne_one: 'Gültig bis {{date}}, für eine Person',
  heldOne_other: 'Gültig bis {{date}}, noch {{left}} von {{count}}',
  revoke: 'Zurücknehmen',
  revokeTitle: 'Diese Einladung zurücknehmen?',
  revokeText: 'Niemand kommt mehr damit herein. Wer schon da ist, bleibt.',
}
