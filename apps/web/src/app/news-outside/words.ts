import { defineWords } from '../../words/define.ts'

export const words = defineWords('app/news-outside', {
  title: 'Effigy',
  notices_one: '{{count}} new thing for you',
  notices_other: '{{count}} new things for you',
  messages_one: '{{count}} new message',
  messages_other: '{{count}} new messages',
  requests_one: '{{count}} person asks to write to you',
  requests_other: '{{count}} people ask to write to you',
})
