import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  ask: 'دعوة لك من {{name}}',
  askMore: 'تنضم إلى المحور {{host}} وتتابع {{name}}.',
  askMoreSomebody: 'تنضم إلى المحور {{host}} وتتابع من دعاك.',
  askHub: 'دعوة لك إلى {{name}}',
  askHubMore: 'تنضم إلى المحور {{host}}، وهو يحفظ ما تكتبه حيث يجده أصدقاؤك حين تكون أجهزتك مطفأة.',
  somebody: 'شخص ما',
  joining: 'يجري إدخالك…',
  joined: 'انضممت، وأنت تتابع {{name}}.',
  joinedSomebody: 'انضممت، وأنت تتابع من دعاك.',
  joinedHub: 'انضممت إلى {{name}}.',
  yes: 'قبول',
  no: 'ليس الآن',
  again: 'المحاولة من جديد',
  dismiss: 'تركها',
}
