import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/tag', {
  keep: 'Keep on Home',
  kept: 'On Home',
  emptyTitle: 'Nothing yet',
  empty: 'Nobody whose posts are on this device has written about this.',
  write: 'Write something',
  findPeople: 'Find people',
})
