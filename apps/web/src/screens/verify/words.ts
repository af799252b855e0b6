import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/verify', {
  title: 'Make sure it is {{name}}',
  loading: 'One moment…',
  somebody: 'Somebody',
  why: 'Anybody can take any name and picture. Once you have compared, you know that nobody stands between you, and you are told when something changes.',
  ways: 'How to compare',
  show: 'My code',
  scan: 'Scan',
  number: 'Number',
  showText: 'Let {{name}} scan this, on their page about you, under “Scan”.',
  qrLabel: 'QR code for {{name}} to scan',
  scanText: 'Hold your camera over the code that {{name}} shows you, on their page about you.',
  numberText:
    'Read the number to each other, or compare the pictures: face to face, or in a call where you know the voice. {{name}} finds the same on their page about you.',
  numberLabel: 'The number to compare',
  picturesLabel: 'The same as pictures',
  same: 'They are the same',
  different: 'They differ',
  differentTitle: 'Do not trust this yet',
  differentText:
    'Either one of you looks at the page of somebody else, or somebody stands between you. Open each other’s pages again from a code that you show each other, and compare once more. Until then, say nothing here that others must not know.',
  doneTitle: 'You have made sure of {{name}}',
  done: 'A shield stands behind their name from now on, on all of your devices. It goes when their account moves, and you are told.',
  ready: 'Done',
  takeBack: 'Take it back',
  notYetTitle: 'Not possible yet',
  notYet: 'Something of their account is still missing here. Stay connected for a moment.',
  foreign: 'This is not a code for comparing. {{name}} finds it on their page about you.',
  damaged: 'A part of this code is missing. Hold the camera closer, or copy all of it.',
  version: 'This code is from a newer version of the app. Update yours first.',
  deviceCode: 'This code links a device to an account. Never use one that somebody sent you.',
  own: 'This is your own code. It is for the camera of {{name}}.',
  notThem: 'This code is of somebody else, not of the person of this page. Do not trust it yet.',
  moved:
    'Their account here is another one than on their screen. Connect both of you and try again; if it stays so, somebody pretends.',
  otherYou:
    'They have the page of somebody else open, or somebody pretends to be you there. Do not trust it yet.',
  changedTitle: 'This has just changed',
  changed:
    'Something new came from {{name}} while you compared. What you have compared so far does not count: begin again.',
  compareAgain: 'Compare again',
})
