/**
 * What `effigy lock`, `unlock` and `backup` say, and what is said of passphrases and words.
 *
 * @module
 */

export const vaultHelp = {
  lock: 'set a passphrase, or another one: every command asks for it from then on',
  unlock: 'take the passphrase away',
  passphraseFile: 'a file whose first line is the passphrase of this home; - reads standard input',
  newPassphraseFile: 'a file whose first line is the new passphrase',
  phraseFile: 'a file with the words, to show that you have them; - reads standard input',
} as const

export const vaultSay = {
  stdin: 'Standard input',
  ask: 'Passphrase: ',
  askAgain: 'That is not the passphrase. Once more: ',
  askNew: 'New passphrase: ',
  askRepeat: 'The same again: ',
  locked:
    'The keys of this device are locked. Every command asks for the passphrase now; nobody can replace it.',
  lockedScope:
    'What is in the store (notes, files, read keys) is not: whoever has the disk reads it. Copies of the former key file in backups, snapshots or spare blocks of the disk may remain: an encrypted disk covers both.',
  unlockQuestion: 'Whoever gets at this disk would have the keys of this device.',
  unlocked: 'The passphrase is taken away: no command asks for it any more.',
  wasUnlocked: 'There is no passphrase here.',
  writeDown: 'These words are your account. Write them on paper, in their order; nobody must see them.',
  pressEnter: '\nPress Enter when they are on paper: they go from the screen. ',
  askWord: (position: number) => `Word ${position}: `,
  wordWrong: 'At least one of these is not the word that was asked for. Look at the paper.',
} as const
