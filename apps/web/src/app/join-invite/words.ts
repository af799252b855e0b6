import { defineWords } from '../../words/define.ts'

export const words = defineWords('app/join-invite', {
  ask: '{{name}} invites you',
  askMore: 'You come to the hub {{host}}, and follow {{name}}.',
  askMoreSomebody: 'You come to the hub {{host}}, and follow whoever invites you.',
  askHub: 'You are invited to {{name}}',
  askHubMore:
    'You come to the hub {{host}}. It keeps what you write where your friends can get it while your devices are off.',
  somebody: 'Somebody',
  joining: 'Letting you in…',
  joined: 'You are in, and follow {{name}}.',
  joinedSomebody: 'You are in, and follow whoever invited you.',
  joinedHub: 'You are in, at {{name}}.',
  yes: 'Accept',
  no: 'Not now',
  again: 'Try again',
  dismiss: 'Leave it',
})
