import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  ask: 'دعوة لك من {{name}}',
  askMore: 'تنضم إلى المحور {{host}} وتتابع {{name}}.',
  somebody: 'شخص ما',
  joining: 'يجري إدخالك…',
  joined: 'انضممت، وأنت تتابع {{name}}.',
  yes: 'قبول',
  no: 'ليس الآن',
  again: 'المحاولة من جديد',
  dismiss: 'تركها',
}
