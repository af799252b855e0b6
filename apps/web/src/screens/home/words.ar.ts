import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  title: 'الرئيسية',
  write: 'اكتب شيئًا',
  emptyTitle: 'ساعتك الأولى',
  emptyTagTitle: 'لا شيء بعد',
  empty: 'لم يكتب أحد ممن تتابعهم بعد. ألقِ التحية أو ادعُ صديقًا.',
  emptyTag: 'لم يكتب أحد هنا عن هذا بعد.',
  invite: 'دعوة صديق',
  findPeople: 'العثور على أشخاص',
  useInvite: 'استخدم دعوة وصلتك',
  inviteLabel: 'الدعوة كما وصلتك',
  useIt: 'استخدمها',
  noInvite: 'هذه ليست دعوة. ألصق الرابط كاملًا كما وصلك.',
  closeSteps: 'أغلق هذه الخطوات',
  firstSteps: 'لا تتابع أحدًا بعد. ما يكتبه من تتابعهم سيظهر هنا. أربع طرق للبدء:',
  whose: 'منشورات مَن',
  friends: 'الأصدقاء',
  hops: 'وأصدقاؤهم',
  replies: 'إظهار الردود',
  filters: 'ما يُعرض',
  allTags: 'الكل',
  readTo: 'قرأتَ ما يلي',
  hopsTitle: 'أصدقاء أصدقائك',
  hopsText:
    'سيحتفظ هذا الجهاز أيضًا بأحدث منشورات ما يصل إلى 200 شخص يتابعهم أصدقاؤك، دون صورهم. ولن يُخبَروا بذلك.',
  hopsOn: 'إحضارهم',
  hopsOff: 'عدم الاحتفاظ بهم',
}
