import type { Translated } from '../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  cancel: 'إلغاء',
  close: 'إغلاق',
  undo: 'تراجع',
  doUndo: 'التراجع عن آخر ما فعلت',
  language: 'اللغة',
  languageAuto: 'كلغة هذا الجهاز',
  typeToGoOn: 'اكتب «{{word}}» للمتابعة',
  somebody: 'شخص ما',
  you: 'أنت',
  pictureOf: 'صورة {{name}}',
  faultTitle: 'لم ينجح ذلك',
}
