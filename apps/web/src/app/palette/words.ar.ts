import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  acts: 'ماذا تفعل',
  screens: 'إلى أين',
  write: 'اكتب منشورًا',
  message: 'اكتب رسالة',
  search: 'ابحث عن شيء',
  addPerson: 'أضف شخصًا',
  myCode: 'أظهر رمزي',
  light: 'ألوان فاتحة',
  dark: 'ألوان داكنة',
}
