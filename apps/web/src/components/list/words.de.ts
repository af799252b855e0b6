import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  fresh_one: '{{count}} neuer Beitrag',
  fresh_other: '{{count}} neue Beiträge',
  loading: 'Es kommt mehr …',
  end: 'Mehr ist nicht da.',
  doNext: 'Nächster Beitrag',
  doPrevious: 'Voriger Beitrag',
}
