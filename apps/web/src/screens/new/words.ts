import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/new', {
  title: 'Write something',
  posted: 'Posted. It goes out to your friends by itself.',
  postedReaders: 'Posted. It goes out to your readers by itself.',
  drafts: 'What you began',
  draftTo: 'To <who/>',
  draftNew: 'A note',
  draftReply: 'An answer',
  draftTalk: 'A message',
  goOn: 'Go on writing',
  discard: 'Throw away',
  discarded: 'Thrown away.',
  draftQuote: 'A note with a quote',
  draftEdit: 'A change to something you wrote',
  handedTitle: 'Something was handed to you',
  handedApp: 'Another app or page hands you this, to write about.',
  handedPage: 'The page <host/> hands you this, to write about.',
  handedNothing: 'Nothing is posted before you say so.',
  handedTake: 'Write with it',
})
