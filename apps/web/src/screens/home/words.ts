import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/home', {
  title: 'Home',
  write: 'Write something',
  emptyTitle: 'Your first hour',
  emptyTagTitle: 'Nothing yet',
  empty: 'Nobody you follow has written yet. Say hello, or invite a friend.',
  emptyTag: 'Nobody here has written about this yet.',
  invite: 'Invite a friend',
  findPeople: 'Find people',
  useInvite: 'Use an invite you got',
  inviteLabel: 'The invite, as you got it',
  useIt: 'Use it',
  noInvite: 'This is no invite. Paste the whole link, as you got it.',
  closeSteps: 'Close these steps',
  whose: 'Whose posts',
  friends: 'Friends',
  hops: 'Their friends too',
  replies: 'Show replies',
  filters: 'What is shown',
  allTags: 'Everything',
  readTo: 'You have read what is below',
  hopsTitle: 'Friends of your friends',
  hopsText:
    'This device then also keeps the newest posts of up to 200 people whom your friends follow, without their pictures. They are not told.',
  hopsOn: 'Bring them in',
  hopsOff: 'Keep them no longer',
})
