import { defineWords } from '../../words/define.ts'

export const words = defineWords('app/account-notices', {
  wordsTitle: 'Write your secret words down',
  wordsText:
    'When your devices are gone, they bring your account back. It takes two minutes and a piece of paper.',
  wordsNow: 'Show my words',
  later: 'Later',
  partTitle: '“{{name}}” needs your help to come back',
  partText:
    'You keep a part of the words of a friend. Call them before you give it: the part is given under My account, after you compared six words.',
  partGo: 'Go to My account',
})
