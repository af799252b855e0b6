import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  title: 'مقفل',
  lead: 'بياناتك في هذا المتصفح تُفتح بعبارة المرور.',
  leadPasskey: 'تُفتح بياناتك في هذا المتصفح بمفتاح المرور.',
  withPasskey: 'استخدام مفتاح المرور',
  lost: 'لم أعد أستطيع فتحه',
  anewTitle: 'أتبدأ من جديد في هذا المتصفح؟',
  anewText:
    'يُزال كل ما لك من هذا المتصفح. بكلماتك أو بجهاز آخر لك تستعيد حسابك، وهنا أيضًا. وبدونها لا يستعيده أحد، ولا حتى بنسخة احتياطية.',
  anew: 'إزالة والبدء من جديد',
  anewWord: 'إزالة',
  passphrase: 'عبارة المرور',
  wrong: 'ليست هي. انتبه إلى الأحرف الكبيرة والمسافات.',
  unlock: 'فتح القفل',
}
