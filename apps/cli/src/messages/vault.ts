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
  backup: 'write all that is yours into one encrypted file, which `age` opens too',
  backupOutput: 'the file; - is standard output',
  backupPassphraseFile: 'a file whose first line is the passphrase of the backup; - reads standard input',
  recoveryKey: 'for the words of the account instead of a passphrase',
  others: 'with what others wrote, too',
  files: 'which pictures and files come along',
  check: 'whether a backup opens and is whole, and what is in it',
  backupFile: 'a file made by `effigy backup`',
  backupPhraseFile: 'a file with the words of the account; - reads standard input',
  ageKey: 'the recovery key of an account, for `age -d -i`',
  revealAgeKey: 'show it: a secret, as good as the words for everything that was sealed',
  phrase: 'the words of the account: shown once more on this terminal, asked for, and wiped here',
  phraseFile: 'a file with the words, to show that you have them; - reads standard input',
} as const

export const vaultSay = {
  stdin: 'Standard input',
  ask: 'Passphrase: ',
  askAgain: 'That is not the passphrase. Once more: ',
  askNew: 'New passphrase: ',
  askBackup: 'Passphrase for the backup: ',
  askOfBackup: 'Passphrase of the backup: ',
  nameFile: 'Name the file with -o FILE',
  unread: (path: string) => `${path} cannot be read`,
  measuring: 'Looking how much it is',
  checkingBackup: 'Checking',
  backedUp: (entries: string, file: string) => `${entries} and what opens them are in ${file}.`,
  openWithPassphrase:
    'It opens with its passphrase, here or with `age -d`. Keep it on another disk, and try it: `effigy backup check`.',
  openWithWords:
    'It opens with the words of the account. Keep it on another disk, and try it: `effigy backup check --phrase-file`.',
  backupWhole: (at: string, device: string) => `It is whole. Made ${at} on ${device}.`,
  backupHolds: (own: number, others: number, follows: number, groups: number) =>
    `Own feeds: ${own}; of others: ${others}; follows: ${follows}; groups: ${groups}.`,
  feedFailed: (identity: string, detail: string) => `${identity} cannot be taken: ${detail}.`,
  hubsNamed: (addresses: string) =>
    `The backup names hubs; anybody could have made it, so add those that you know with \`effigy hub add\`: ${addresses}`,
  ageKeyName: 'The recovery key',
  ageKeyHint:
    'Whoever has this reads your backups and what was ever sealed to your account. For `age -d -i FILE`:',
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
