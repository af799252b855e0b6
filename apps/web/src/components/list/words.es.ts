import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const es: Translated<typeof words> = {
  fresh_one: '{{count}} nueva',
  fresh_many: '{{count}} de nuevas',
  fresh_other: '{{count}} nuevas',
  loading: 'Llegan más…',
  end: 'Eso es todo lo que hay.',
  doNext: 'Publicación siguiente',
  doPrevious: 'Publicación anterior',
}
