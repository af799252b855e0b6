import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  ask: '{{name}} lädt dich ein',
  askMore: 'Du kommst zum Hub {{host}} und folgst {{name}}.',
  askMoreSomebody: 'Du kommst zum Hub {{host}} und folgst der Person, die dich einlädt.',
  askHub: 'Du bist zu {{name}} eingeladen',
  askHubMore:
    'Du kommst zum Hub {{host}}. Dort holen deine Freunde, was du schreibst, während deine Geräte aus sind.',
  somebody: 'Jemand',
  joining: 'Du wirst eingelassen…',
  joined: 'Du bist drin und folgst {{name}}.',
  joinedSomebody: 'Du bist drin und folgst der Person, die dich eingeladen hat.',
  joinedHub: 'Du bist drin, bei {{name}}.',
  yes: 'Annehmen',
  no: 'Nicht jetzt',
  again: 'Noch einmal versuchen',
  dismiss: 'Lassen',
}
