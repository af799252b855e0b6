import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/home', {
  title: 'Home',
  sayHello: 'Say something to your friends',
  placeholder: 'What is on your mind?',
  post: 'Post',
  emptyTitle: 'Your first hour',
  empty: 'Nobody you follow has written yet. Say hello, or invite a friend.',
  older: 'Older',
})
