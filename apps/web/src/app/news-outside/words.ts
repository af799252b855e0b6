import { defineWords } from '../../words/define.ts'

export const words = defineWords('app/news-outside', {
  title: 'Effigy',
  text_one: '{{count}} new thing for you',
  text_other: '{{count}} new things for you',
})
