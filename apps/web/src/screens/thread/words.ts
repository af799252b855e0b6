import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/thread', {
  title: 'Conversation',
  answers_one: '{{count}} answer',
  answers_other: '{{count}} answers',
  nobody: 'Nobody has answered yet.',
  older_one: '{{count}} answer is to something by <who/> that is not on this device yet.',
  older_other: '{{count}} answers are to something by <who/> that is not on this device yet.',
  strange_one: '{{count}} answer is to something by <who/>, whose posts are not kept on this device.',
  strange_other: '{{count}} answers are to something by <who/>, whose posts are not kept on this device.',
  get: 'Get it',
  getting: 'Asking friends and hubs…',
  notYet: 'Nobody who is connected has it. It comes by itself when somebody does.',
  look: 'See who that is',
  more: 'Show more answers',
  noBeginning: 'The beginning of this conversation is not on this device.',
  goneTitle: 'This is not here',
  gone: 'It was taken back, or it has not reached this device. If somebody sent you the link, follow them, and it may come.',
  badTitle: 'This link leads nowhere',
  bad: 'It may be mistyped, or cut off.',
  home: 'Go to Home',
  muted: 'You are told nothing of this conversation.',
})
