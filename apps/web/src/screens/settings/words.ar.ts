import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  title: 'الإعدادات',
  intro: 'تسري على هذا الجهاز وحده.',
  language: 'اللغة',
  look: 'المظهر',
  theme: 'الألوان',
  themeAuto: 'تلقائي',
  themeLight: 'فاتح',
  themeDark: 'داكن',
  textSize: 'حجم النص',
  news: 'الجديد',
  newsOutside: 'أخبرني بما هو جديد',
  newsOutsideHelp: 'يُظهر جهازك أن هناك شيئًا جديدًا ما دام التطبيق مفتوحًا في الخلفية، ولا يُظهر ما قيل أبدًا.',
  newsRefused: 'رفضتَ ذلك في متصفّحك. اسمح هناك بإشعارات هذه الصفحة ثم عُد.',
  newsImpossible: 'لا يستطيع هذا المتصفّح ذلك. قد يفيد تثبيت التطبيق على جهازك.',
  writing: 'الكتابة',
  altReminder: 'ذكّرني عندما تكون صورة بلا وصف',
  altReminderHelp: 'من لا يستطيع رؤية الصور يُسرّ بالوصف.',
}
