import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/welcome', {
  title: 'Welcome to Effigy',
  lead: 'Your words and pictures stay on your own devices. You share them with your friends, and nobody in between can change them.',
  invited: '{{name}} invites you',
  invitedLead: 'Say who you are, and you are in. You will see what {{name}} writes.',
  invitedHub: 'You are invited to {{name}}',
  invitedHubLead:
    'Say who you are, and you are in. {{name}} keeps what you write where your friends can get it while your devices are off.',
  invalid: 'The invite that led here cannot be used. You can start without it.',
  name: 'Your name',
  nameHelp: 'As your friends know you. You can change it at any time.',
  namePlaceholder: 'For example Ada',
  picture: 'Add a picture',
  pictureChange: 'Choose another picture',
  lock: 'Lock this browser with a passphrase',
  passphrase: 'Passphrase',
  passphraseHelp:
    'At least 8 characters. It is asked for whenever you open the app here. Nobody can tell it to you if you forget it.',
  start: 'Start',
  starting: 'Making your place…',
  before: 'I was here before',
  noMail: 'No e-mail, no phone number, no password.',
  noHub: 'You are not with a hub yet: what you write stays on this device until somebody invites you.',
  hub: 'You start at the hub {{name}}.',
  terms: 'What it asks of you: {{terms}}',
})
