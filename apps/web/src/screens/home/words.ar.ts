import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  title: 'الرئيسية',
  sayHello: 'قل شيئًا لأصدقائك',
  placeholder: 'ما الذي يدور في ذهنك؟',
  post: 'نشر',
  emptyTitle: 'ساعتك الأولى',
  empty: 'لم يكتب أحد ممن تتابعهم بعد. ألقِ التحية أو ادعُ صديقًا.',
  older: 'الأقدم',
}
