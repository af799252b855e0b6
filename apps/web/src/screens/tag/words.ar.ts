import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  keep: 'إبقاؤه في الرئيسية',
  kept: 'في الرئيسية',
  emptyTitle: 'لا شيء بعد',
  empty: 'لم يكتب عن هذا أحد ممن منشوراتهم على هذا الجهاز.',
  write: 'اكتب شيئًا',
  findPeople: 'ابحث عن أشخاص',
}
