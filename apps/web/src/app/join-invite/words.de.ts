import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  ask: '{{name}} lädt dich ein',
  askMore: 'Du kommst zum Hub {{host}} und folgst {{name}}.',
  somebody: 'Jemand',
  joining: 'Du wirst eingelassen…',
  joined: 'Du bist drin und folgst {{name}}.',
  yes: 'Annehmen',
  no: 'Nicht jetzt',
  again: 'Noch einmal versuchen',
  dismiss: 'Lassen',
}
