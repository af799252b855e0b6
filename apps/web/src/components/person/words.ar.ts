import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  verified: 'تأكدتَ من هويته',
  moved: 'انتقل حسابه: تأكّد منه مرة أخرى',
  alike: 'انظر مرتين: ربما يُقصد بهذا الاسم أن يلتبس عليك',
  changed: 'غيّر اسمه أو صورته',
}
