import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  title: 'مقفل',
  lead: 'بياناتك في هذا المتصفح تُفتح بعبارة المرور.',
  passphrase: 'عبارة المرور',
  wrong: 'ليست هي. انتبه إلى الأحرف الكبيرة والمسافات.',
  unlock: 'فتح القفل',
}
