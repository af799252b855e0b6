import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/locked', {
  title: 'Locked',
  lead: 'Your data in this browser opens with your passphrase.',
  passphrase: 'Passphrase',
  wrong: 'That is not it. Look for capital letters and spaces.',
  unlock: 'Unlock',
})
