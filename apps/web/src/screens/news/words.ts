import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/news', {
  title: 'Activity',
  silence: 'What you do not want to hear of',
  emptyTitle: 'All quiet',
  empty: 'Answers, mentions, reactions and new followers show up here.',
  findPeople: 'Find people',
  reply: '<who/> answered you',
  mention: '<who/> mentioned you',
  follow: '<who/> follows you',
  reaction: '<who/> reacted {{labels}} to',
  reactions_one: '<who/> and {{count}} other reacted {{labels}} to',
  reactions_other: '<who/> and {{count}} others reacted {{labels}} to',
  unread: 'New',
  yourPicture: 'your picture',
  wordsTitle: 'Words',
  wordsText:
    'You are told nothing of posts with these words, and they are folded on Home. On all your devices; nobody else knows.',
  word: 'Word or phrase',
  add: 'Add',
  take: 'Take “{{word}}” away',
  noWords: 'No words yet.',
  unfit: 'A word or a short phrase, please.',
  threadsText: 'Conversations are silenced in the menu of their posts.',
  close: 'Close',
})
