import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  title: 'بحث',
  field: 'عمّ تبحث؟',
  placeholder: 'كلمات أو أسماء أو #مواضيع',
  when: 'متى',
  anyTime: 'أي وقت',
  week: 'الأسبوع الماضي',
  month: 'الشهر الماضي',
  year: 'السنة الماضية',
  people: 'أشخاص',
  posts: 'منشورات',
  startTitle: 'كل ما على هذا الجهاز',
  start: 'منشورات وردود وأشخاص تتابعهم. يعمل دون اتصال، ولا أحد يعرف عمّ تبحث.',
  nothingTitle: 'لا نتائج',
  nothing: 'يجب أن توجد كل الكلمات. جرّب كلمات أقل، أو بداية كلمة.',
  findPeople: 'ابحث عن أشخاص',
  lookAnyTime: 'ابحث في كل الأوقات',
  behind_zero: 'كل المنشورات مقروءة.',
  behind_one: 'ما زال منشور أحدث واحد قيد القراءة.',
  behind_two: 'ما زال منشوران أحدث قيد القراءة.',
  behind_few: 'ما زالت {{count}} منشورات أحدث قيد القراءة.',
  behind_many: 'ما زال {{count}} منشورًا أحدث قيد القراءة.',
  behind_other: 'ما زال {{count}} منشور أحدث قيد القراءة.',
  tag: 'كل ما عن #{{label}}',
}
