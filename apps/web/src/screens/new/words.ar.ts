import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  title: 'اكتب شيئًا',
  posted: 'نُشر، ويصل إلى أصدقائك من تلقاء نفسه.',
  postedReaders: 'نُشر، ويصل إلى قرّائك من تلقاء نفسه.',
  drafts: 'ما بدأته',
  draftTo: 'إلى <who/>',
  draftNew: 'منشور',
  draftReply: 'ردّ',
  draftTalk: 'رسالة',
  goOn: 'تابع الكتابة',
  discard: 'تخلّص منه',
  discarded: 'رُمي ما بدأته.',
  draftQuote: 'منشور فيه اقتباس',
  draftEdit: 'تعديل على شيء كتبته',
  handedTitle: 'سُلّم إليك شيء',
  handedApp: 'تطبيق آخر أو صفحة أخرى تسلّمك هذا لتكتب عنه.',
  handedPage: 'الصفحة <host/> تسلّمك هذا لتكتب عنه.',
  handedNothing: 'لا يُنشر شيء قبل أن تقول ذلك.',
  handedTake: 'اكتب به',
}
