import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  title: 'Effigy',
  text_zero: 'لا جديد لك',
  text_one: 'شيء جديد واحد لك',
  text_two: 'شيئان جديدان لك',
  text_few: '{{count}} أشياء جديدة لك',
  text_many: '{{count}} شيئًا جديدًا لك',
  text_other: '{{count}} شيء جديد لك',
}
