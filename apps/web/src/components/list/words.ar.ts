import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  fresh_zero: 'لا جديد',
  fresh_one: 'منشور جديد',
  fresh_two: 'منشوران جديدان',
  fresh_few: '{{count}} منشورات جديدة',
  fresh_many: '{{count}} منشورًا جديدًا',
  fresh_other: '{{count}} منشور جديد',
  loading: 'نجلب المزيد…',
  end: 'هذا كل ما هنا.',
  doNext: 'المنشور التالي',
  doPrevious: 'المنشور السابق',
}
