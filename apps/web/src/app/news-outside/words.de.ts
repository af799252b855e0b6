import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Effigy',
  text_one: '{{count}} Neuigkeit für dich',

  text_other: '{{count}} Neuigkeiten für dich',
}
