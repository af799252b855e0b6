import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/lock', {
  title: 'Lock',
  none: 'No lock yet: whoever gets at this browser can write in your name.',
  worth:
    'With a lock, only you can. It does not hide what is stored here: whoever can read the files of this computer can read that. An encrypted disk helps.',
  wordsFirst: 'Write down your words first',
  wordsFirstText: 'If you lose what opens the lock, only your words bring your account back.',
  toWords: 'To my words',
  withPassphrase: 'Lock with a passphrase',
  withPasskey: 'Lock with a passkey',
  passphrase: 'Passphrase',
  passphraseHelp: 'At least 8 characters. Four unusual words are good.',
  repeat: 'The same once more',
  differs: 'These two are not the same.',
  lockIt: 'Lock this browser',
  newKeys:
    'From then on only who opens the lock writes in your name here. A copy of this browser from before can write nothing for you any more. What you wrote stays yours.',
  copied:
    'If somebody could copy the files of this browser before it had a lock, they may still change your account. Only your words end that: take your account back, with new words.',
  toTakeBack: 'To my account',
  working: 'Putting the lock on. Leave this open…',
  notMain:
    'Only your main device can be locked later. Make this browser the main device, lock it, and hand the role back if you like.',
  opensWith: 'What opens it',
  lock_passphrase: 'Passphrase',
  lock_passkey: 'Passkey',
  lock_passkeyOf: 'Passkey {{number}}',
  change: 'Change the passphrase',
  addPassphrase: 'Add a passphrase',
  addPasskey: 'Add a passkey',
  remove: 'Remove',
  removeOf: 'Remove: {{lock}}',
  now: 'Passphrase of now',
  nowOrPasskey: 'Leave it empty to use your passkey.',
  known:
    'If somebody could open this lock until now, and copy the files of this browser, changing it is not enough: they have its keys. Then take this browser out of your account, from another device or with your words, and begin here anew.',
  next: 'New passphrase',
  save: 'Save',
  cancel: 'Cancel',
  lockNow: 'Lock it now',
  idle: 'Lock by itself',
  idleNever: 'Never',
  idleAfter_one: 'After {{count}} minute without a touch',
  idleAfter_other: 'After {{count}} minutes without a touch',
  settings: 'Lock this browser by a passphrase or a passkey, under Devices.',
  toLock: 'To the lock',
})
