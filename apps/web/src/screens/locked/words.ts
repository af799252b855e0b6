import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/locked', {
  title: 'Locked',
  lead: 'Your data in this browser opens with your passphrase.',
  leadPasskey: 'Your data in this browser opens with your passkey.',
  withPasskey: 'Use my passkey',
  lost: 'I cannot open it any more',
  anewTitle: 'Begin anew in this browser?',
  anewText:
    'Everything of yours goes from this browser. With your words or another device of yours you get your account back, here too. Without them nobody does, not even with a backup.',
  anew: 'Remove and begin anew',
  anewWord: 'remove',
  passphrase: 'Passphrase',
  wrong: 'That is not it. Look for capital letters and spaces.',
  unlock: 'Unlock',
})
