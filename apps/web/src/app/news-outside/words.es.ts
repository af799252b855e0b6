import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  title: 'Effigy',
  text_one: '{{count}} novedad para ti',
  text_many: '{{count}} novedades para ti',
  text_other: '{{count}} novedades para ti',
}
