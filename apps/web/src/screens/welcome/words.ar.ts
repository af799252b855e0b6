import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  title: 'مرحبًا بك في Effigy',
  lead: 'كلماتك وصورك تبقى على أجهزتك أنت. تشاركها مع أصدقائك، ولا يستطيع أحد في الطريق تغييرها.',
  invited: 'دعوة لك من {{name}}',
  invitedLead: 'قل من أنت وستكون معنا. سترى ما يكتبه {{name}}.',
  invitedHub: 'دعوة لك إلى {{name}}',
  invitedHubLead: 'قل من أنت وستكون معنا. يحفظ {{name}} ما تكتبه حيث يجده أصدقاؤك حين تكون أجهزتك مطفأة.',
  invalid: 'الدعوة التي قادتك إلى هنا لا تصلح. يمكنك البدء من دونها.',
  name: 'اسمك',
  nameHelp: 'كما يعرفك أصدقاؤك. يمكنك تغييره في أي وقت.',
  namePlaceholder: 'مثلًا: سلمى',
  picture: 'إضافة صورة',
  pictureChange: 'اختيار صورة أخرى',
  lock: 'قفل هذا المتصفح بعبارة مرور',
  passphrase: 'عبارة المرور',
  passphraseHelp: 'ثمانية أحرف على الأقل. تُطلب كلما فتحت التطبيق هنا. ولا يستطيع أحد أن يخبرك بها إن نسيتها.',
  start: 'لنبدأ',
  starting: 'نُعدّ مكانك…',
  before: 'كنت هنا من قبل',
  noMail: 'لا بريد ولا رقم هاتف ولا كلمة سر.',
  noHub: 'لست في أي محور بعد: ما تكتبه يبقى على هذا الجهاز حتى يدعوك أحد.',
  hub: 'تبدأ في المحور {{name}}.',
  terms: 'ما يطلبه منك: {{terms}}',
}
