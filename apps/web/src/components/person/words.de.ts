import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  verified: 'Du hast dich vergewissert, wer das ist',
  moved: 'Das Konto ist umgezogen: vergewissere dich noch einmal',
  alike: 'Schau genau hin: dieser Name soll dich vielleicht täuschen',
  changed: 'Name oder Bild ist neu',
}
