import { defineWords } from '../../words/define.ts'

export const words = defineWords('components/list', {
  fresh_one: '{{count}} new',
  fresh_other: '{{count}} new',
  loading: 'Bringing more…',
  end: 'That is all there is here.',
  doNext: 'Next post',
  doPrevious: 'Previous post',
})
