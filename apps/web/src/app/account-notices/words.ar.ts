import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  wordsTitle: 'اكتب كلماتك السرية',
  wordsText: 'إن ضاعت أجهزتك أعادت إليك حسابك. لا يحتاج ذلك إلا إلى دقيقتين وورقة.',
  wordsNow: 'أظهر كلماتي',
  later: 'لاحقًا',
  partTitle: '«{{name}}» يحتاج إلى مساعدتك ليعود',
  partText:
    'أنت تحفظ جزءًا من كلمات صديق. اتصل به قبل أن تعطيه: يُعطى الجزء في «حسابي» بعد أن تقارنا ست كلمات.',
  partGo: 'إلى حسابي',
}
