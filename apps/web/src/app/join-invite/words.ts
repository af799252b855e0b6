import { defineWords } from '../../words/define.ts'

export const words = defineWords('app/join-invite', {
  ask: '{{name}} invites you',
  askMore: 'You come to the hub {{host}}, and follow {{name}}.',
  somebody: 'Somebody',
  joining: 'Letting you in…',
  joined: 'You are in, and follow {{name}}.',
  yes: 'Accept',
  no: 'Not now',
  again: 'Try again',
  dismiss: 'Leave it',
})
