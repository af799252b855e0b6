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
  givenTitle: '{{name}} gave you a part of their secret words',
  givenText:
    'Keep it for them: it is on this device already. If they ever lose theirs, they ask you for it. With it alone nobody gets into their account.',
  joinedTitle: 'A device was added to your account: {{label}}',
  joinedText: 'Was that you? If not, somebody can write in your name: look at Devices, and remove it.',
  movedTitle: 'Somebody took your account to another device with its words',
  movedText:
    'Was that you? If not, somebody knows your words: look at Devices, and take your account back under My account.',
  disputedTitle: 'Two devices decide about your account at once',
  disputedText:
    'Perhaps you typed your words on two devices, or somebody has them, or a copy of your main device. Take your account back with new words under My account, and take nothing out of this browser before.',
  seeDevices: 'Look at Devices',
  wasMe: 'It was me',
  seen: 'Close',
  heldTitle: 'Writing waits a moment',
  heldText: 'This device has been away. It first makes sure that it lacks nothing of yours.',
  versionsTitle: 'Two versions of what you wrote are known',
  versionsText: 'Nothing more is written here until you say whether both were you.',
})
