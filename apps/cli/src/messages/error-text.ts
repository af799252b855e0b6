/**
 * What went wrong, by its stable code, and what to do about it.
 *
 * @module
 */
import type { BackupFault } from '@effigy/peer'

export interface ErrorText {
  /** What happened. */
  readonly what: string
  /** What to do about it: a whole sentence. */
  readonly advice: string
}

const text = (what: string, advice: string): ErrorText => ({ what, advice })

/** What to do about a backup that is refused, by `BackupFault`. */
export const backupAdvice: Readonly<Record<BackupFault['code'], string>> = {
  'not-a-backup': 'It was not made by `effigy backup`.',
  'passphrase-wrong': 'That is not its passphrase; nothing is locked out, try again.',
  'passphrase-needed': 'It was made for a passphrase, not for the words.',
  'identity-needed': 'It was made for the words of the account: --phrase-file.',
  'not-for-us': 'These are the words of another account, or newer ones.',
  'backup-damaged': 'It was cut off or altered: take another copy. Nothing of it was taken.',
  'work-factor': 'It asks for more work than any backup: it is not ours.',
  'backup-version': 'It was made by a newer version: update this program.',
}

/** Errors of this program by their stable code. */
export const errorText = {
  usage: (what: string) => text(what, 'See `effigy help`.'),
  'yes-needed': (verb: string) =>
    text(`${verb} cannot be undone`, 'Run it again with --yes, or on a terminal, where it asks.'),
  declined: () => text('Nothing was changed', 'You answered no.'),
  'home-absent': (home: string) =>
    text(`There is no home at ${home} yet`, 'Make one with `effigy init`, or name another with -C DIR.'),
  'config-damaged': (path: string, detail: string) =>
    text(`${path} cannot be used: ${detail}`, 'Correct the file, or remove it to start with the defaults.'),
  'config-unwritable': (path: string) =>
    text(`${path} cannot be written`, 'Look at its permissions and the disk.'),
  'config-key': (key: string, hint: string) =>
    text(`There is no setting called "${key}"${hint}`, '`effigy config list` shows them all.'),
  'config-value': (key: string, allowed: string) =>
    text(`This is no value for ${key}`, `It must be ${allowed}.`),
  'phrase-file-needed': () =>
    text(
      'The words of the account are needed',
      'Give --phrase-file FILE or --shares, or run it on a terminal, which asks.',
    ),
  'secret-hidden': (key: string) => text(`${key} is a secret and is not shown`, 'Add --reveal to see it.'),
  'secret-argument': (key: string) =>
    text(
      `${key} is a secret, and others on this machine see what stands behind a command`,
      'Give - in its place, and type it or pipe it in. Whoever may have seen this one knows it: choose another.',
    ),
  'bad-address': (address: string) =>
    text(
      `"${address}" is not the address of a hub`,
      'It looks like ws://127.0.0.1:7337/effigy/1#did:key:z6Mk…; a hub prints its own when it starts.',
    ),
  'hub-unknown': (address: string) =>
    text(`No hub "${address}" is in the list`, '`effigy hub list` shows it.'),
  'invite-as-address': () =>
    text('This is an invite to a hub, not its address', 'Come with it: `effigy hub join LINK`.'),
  'which-hub': () =>
    text('Several hubs are in the list', 'Say which one you mean: `effigy hub list` shows them.'),
  'bad-name': (name: string) =>
    text(`"${name}" is no name for people`, 'It has 2 to 32 of a-z, 0-9, and single . _ - between.'),
  'joining-refused': (code: string) =>
    text(`The hub refuses, for a reason that this program does not know (${code})`, 'Ask whoever runs it.'),
  'no-hub': () =>
    text('No hub is known, so there is nobody to ask', 'Add one with `effigy hub add ADDRESS`.'),
  'hub-refused': (address: string, reason: string) =>
    text(`${address} refuses this device (${reason})`, 'Ask whoever runs it, or add another hub.'),
  unreachable: (addresses: string) =>
    text(
      `Nobody answers at ${addresses}`,
      'Look whether the hub runs and the network is there, then try again.',
    ),
  'lan-nobody': () =>
    text(
      'Neither a hub nor anybody in this network answered',
      'The other device has to run `effigy sync --lan --watch` at the same time; some networks keep devices apart.',
    ),
  'no-webrtc': () =>
    text(
      'This machine makes no direct connections: node-datachannel has no binary for it',
      'Leave --direct away; what you exchange goes through hubs.',
    ),
  timeout: (seconds: number) =>
    text(
      `Not everything arrived within ${seconds} s`,
      'What came is kept; run it again, or give more time with --timeout.',
    ),
  'identity-invalid': (name: string) =>
    text(`"${name}" is not an identity`, 'It looks like did:key:z6Mk…; `effigy id` prints your own.'),
  'identity-unknown': (name: string) =>
    text(
      `Nobody known here is called "${name}"`,
      'Give the whole did:key:…, or six of its characters or more.',
    ),
  'identity-ambiguous': (name: string, candidates: string) =>
    text(`"${name}" may be one of several: ${candidates}`, 'Give more characters.'),
  'entry-short': (name: string) =>
    text(
      `"${name}" is too short for an entry's id`,
      'Give six characters or more from its beginning or end.',
    ),
  'entry-unknown': (name: string, hint: string) =>
    text(
      `No entry "${name}" is here${hint}`,
      '`effigy log` and `effigy timeline` show ids; `effigy sync` fetches what is new.',
    ),
  'entry-ambiguous': (name: string, candidates: string) =>
    text(`"${name}" may be one of several: ${candidates}`, 'Give more characters.'),
  'group-unknown': (name: string) =>
    text(
      `There is no group "${name}" here`,
      '`effigy group list` shows them; `effigy sync` fetches what is new.',
    ),
  'group-ambiguous': (name: string, candidates: string) =>
    text(`"${name}" may be one of several: ${candidates}`, 'Give more characters of its id.'),
  'no-account': () =>
    text(
      'This device belongs to no account yet',
      '`effigy synod create` makes one, `effigy synod join CODE` joins one.',
    ),
  'passphrase-needed': (of: 'home' | 'backup') =>
    text(
      'Nobody is here to be asked for a passphrase',
      of === 'home'
        ? 'Name a file with --passphrase-file (for `effigy lock` on a locked home: --new-passphrase-file).'
        : 'Name a file with --backup-passphrase-file; for the words of the account instead, --recovery-key writes a backup and --phrase-file opens it.',
    ),
  'passphrase-differs': () => text('The two passphrases are not the same', 'Nothing was changed; try again.'),
  'words-count': (count: number, needed: number) =>
    text(
      `These are ${count} words, and not ${needed}`,
      'Ask the owner of the new device to read them again.',
    ),
  'words-differ': () =>
    text(
      'No request has these words, so nothing was given',
      'Ask the owner of the new device to read them again, or let them ask anew. `effigy recovery held` shows who asks.',
    ),
  'words-needed': () =>
    text(
      'The words are wiped only for somebody who has them',
      'Run it on a terminal, which asks for three of them, or show all with --phrase-file.',
    ),
  'device-unknown': (name: string) =>
    text(`Your account has no device "${name}"`, '`effigy synod show` lists them.'),
  'device-ambiguous': (name: string) =>
    text(`"${name}" may be one of several devices`, 'Give more characters of its did:key:….'),
  'cannot-listen': (place: string) =>
    text(`Nobody could listen at ${place}`, 'Choose another one with --listen [ADDRESS:]PORT.'),
  'account-refused': (code: string) =>
    text(`The account did not take the device (${code})`, 'Look at the other device, then make a new code.'),
  'compare-needed': (what: 'pictures' | 'words') =>
    what === 'pictures'
      ? text(
          'A person has to compare four pictures, and no terminal is here',
          'Run it on a terminal, or with --yes where nobody can sit between the two devices.',
        )
      : text(
          'A person has to compare six words, and no terminal is here',
          'Run it on a terminal, or give the words that you heard with --words.',
        ),
  'final-invalid': (typed: string) =>
    text(
      `"${typed}" is no end of a feed`,
      'It looks like EPOCH/LENGTH/CID, 1/250/bafkrei…; `effigy log --json` on another device tells length and entry.',
    ),
  'phrase-gone': () =>
    text(
      'The words of the account are not kept on this device',
      'They are on the paper where you wrote them.',
    ),
  'not-own': (name: string) => text(`${name} is not yours`, 'Only your own entries can be changed.'),
  'not-editable': (type: string) =>
    text(
      `An entry of type ${type} has no text to edit`,
      'Notes and comments have one; delete others and write anew.',
    ),
  'not-erasable': (type: string) =>
    text(
      `An entry of type ${type} cannot be erased`,
      'Take it back with the opposite: unfollow, unblock, unmute.',
    ),
  'self-target': (verb: string) => text(`You cannot ${verb} yourself`, 'Name somebody else.'),
  'not-theirs': () =>
    text('That entry is by somebody else', 'Name its author, or leave out --entry to report the person.'),
  'feed-absent': (name: string) => text(`Nothing of ${name} is here`, 'Follow them and run `effigy sync`.'),
  'profile-absent': (name: string) =>
    text(
      `Nothing is known about ${name} yet`,
      'Their profile comes with their feed: follow them and run `effigy sync`.',
    ),
  'blob-absent': (cid: string) =>
    text(`The file ${cid} is not on this device`, 'Connect to somebody who has it: `effigy sync`.'),
  'blob-refused': (cid: string, reason: string) =>
    text(
      `The file ${cid} is refused (${reason})`,
      'A picture that tells where it was taken is never kept; its author must post it again.',
    ),
  'blob-damaged': (cid: string, reason: string) =>
    text(`The file ${cid} cannot be read (${reason})`, '`effigy verify` names what is damaged.'),
  'file-not-of-entry': (cid: string) =>
    text(
      `This entry has no key for the file ${cid}`,
      '`effigy show ENTRY --json` names its files; without --entry a file is written as it is.',
    ),
  'path-absent': (path: string) =>
    text(`There is no "${path}" in this collection`, '`effigy collection list CID` shows what there is.'),
  'too-large': (cid: string) =>
    text(
      `The collection ${cid} unfolds to far more than it is made of`,
      'Nothing was written; `effigy collection list` names what is in it, and each can be got by its own CID, a file with `effigy blob get -o`.',
    ),
  'file-absent': (path: string) => text(`There is no file ${path}`, 'Look at the name and the folder.'),
  'file-unreadable': (path: string) => text(`${path} cannot be read`, 'Look at its permissions.'),
  'file-unwritable': (path: string) =>
    text(`${path} cannot be written`, 'Look at its folder, the permissions and the disk.'),
  'file-exists': (path: string) =>
    text(`${path} exists already`, 'Choose another name, or replace it with --force.'),
  'name-unsafe': (name: string) =>
    text(
      `"${name}" is no safe name for a file on this machine`,
      'Nothing more was written; get single files with `effigy collection list` and `effigy blob get -o`.',
    ),
  'terminal-binary': () =>
    text('A file is not shown on a terminal', 'Name where it goes with -o FILE, or pipe it.'),
  'not-an-image': (path: string) =>
    text(`${path} is not a picture that can be posted`, 'JPEG, PNG, WebP and GIF can.'),
  'cannot-strip': (path: string, formats: string) =>
    text(`${path} tells more than its picture and cannot be cleaned`, `Convert it to ${formats} first.`),
  'media-metadata': (path: string) =>
    text(`${path} tells more than its content and cannot be cleaned`, 'Save it anew, or give --as-is.'),
  'media-damaged': (path: string) =>
    text(`${path} is damaged, so it cannot be cleaned`, 'Save it anew, or give --as-is.'),
  'media-too-large': (path: string) =>
    text(`${path} is too large to be cleaned`, 'Make it smaller, or give --as-is.'),
  'text-not-utf8': () => text('The text is not UTF-8', 'Convert it first, for example with iconv.'),
  'text-too-long': (most: string) =>
    text(`The text is longer than ${most}`, 'Shorten it, or add it as a file with `effigy blob add`.'),
  'bad-range': (range: string) =>
    text(
      `"${range}" is no range of bytes`,
      'It looks like 0-99: first and last byte; 100- is everything from there.',
    ),
  'import-damaged': (path: string, detail: string) =>
    text(
      `${path} cannot be taken: ${detail}`,
      'Nothing of that feed was stored; get the file again from its source.',
    ),
  'import-incomplete': (path: string, feeds: string) =>
    text(
      `Not all of ${path} could be taken: ${feeds} in it gave nothing`,
      'What else is in it is here. Try another copy of the file; what somebody else has of the rest comes with `effigy sync`.',
    ),
  'feed-forked': (name: string) =>
    text(
      `The feed of ${name} in this file contradicts what is here`,
      'Both are kept; the common beginning counts until its owner settles it: `effigy heal`, on the device that wrote it.',
    ),
  'own-feed-incomplete': () =>
    text(
      'The newest entry of this device is with nobody who answered',
      'Run `effigy sync` again; where its disk is lost: `effigy heal --giving-up`.',
    ),
  'presence-alone': () =>
    text(
      '`visible` and `invisible` stand alone',
      'What was chosen before is remembered: `effigy presence set visible` takes it up again.',
    ),
  'lease-refused': (code: string) =>
    text(
      `Nobody promised to keep anything (${code})`,
      'quota: there is too much of it for them; not-held: it has not arrived there, try again; unknown-service: they do not do that for you.',
    ),
  'lease-broken': (count: number) =>
    text(
      count === 1 ? 'A promise was not kept' : `${count} promises were not kept`,
      'The lines above name them; ask somebody else too with `effigy lease ask`.',
    ),
  'damage-found': (count: string) =>
    text(
      `${count}`,
      'The lines above name them; `effigy sync` fetches damaged bytes again, `effigy rebuild` makes views anew.',
    ),
} satisfies Readonly<Record<string, (...values: never[]) => ErrorText>>

/** What to do about errors that the layers below raise with a message of their own. */
export const otherErrors: Readonly<Record<string, string>> = {
  'feed-private': '`effigy feed share`, `effigy feed unshare`.',
  'feed-public': '`effigy feed private` does.',
  'not-sealable': '`effigy feed private --leave-out` takes such entries out of the feed.',
  'home-unwritable': 'Choose a folder that you may write to.',
  'home-exists': '`effigy id` shows who lives there.',
  'storage-locked': 'Another `effigy` has this home open: end it, or wait for it.',
  'storage-damaged': '`effigy verify` says what is wrong.',
  vault: 'Without its key file a home cannot write; look whether the disk is whole.',
  'vault-damaged': 'Put a copy of the file back, or make a new home and move the account there.',
  'vault-locked':
    'Run it on a terminal, which asks, or name a file: --passphrase-file, EFFIGY_PASSPHRASE_FILE.',
  'passphrase-wrong': 'Nothing is locked out: try again. A part of the file that is damaged looks the same.',
  'passphrase-file': 'It has to stand in the first line.',
  'phrase-word-wrong': 'Compare them with the paper; nothing was wiped.',
  'backup-changed': 'Nothing was written; run it again.',
  'phrase-not-asked': '`effigy synod create --confirm` asks.',
  'phrase-needed': 'Give them with --phrase-file FILE.',
  'custodian-unknown': 'Run `effigy follow ID` and `effigy sync` first, or name them with --at ADDRESS.',
  'custodian-count': 'See `effigy help recovery split`.',
  'not-split': 'Do it with `effigy recovery split`.',
  'too-few-shares': 'See `effigy help recovery request`.',
  'shares-differ': 'Ask one custodian more, or name your account with --account.',
  'shares-damaged': 'See `effigy help recovery request`.',
  'which-account': '`effigy recovery held` shows whose parts are here; give --for ID.',
  'not-held': '`effigy recovery held` shows whose parts are here.',
  memory: 'End other programs, and try again.',
  'vault-exposed': 'Take the rights of others away: chmod 600.',
  'payload-invalid': 'Look at the lengths: names have 96 bytes, tags 96, at most 32 tags and 16 pictures.',
  'payload-too-large': 'Add large things as files with `effigy blob add`.',
  'entry-too-large': 'Leave some of it out.',
  'own-feed-incomplete':
    'Run `effigy sync`, then try again; where its disk is lost: `effigy heal --giving-up`.',
  'own-feed-disputed':
    '`effigy heal` does, if both were you. If not, take this device out of your account from another one: `effigy synod revoke`.',
  'fork-incomplete':
    'Run `effigy sync`, then try again; where the rest is with nobody any more: `effigy heal --giving-up`.',
  'not-disputed': '`effigy verify` looks for damage.',
  'head-stale': 'Run `effigy sync`, then try again.',
  'no-comparable-left':
    'Look at the clock of this machine, and at whoever wrote it: it is as late as a time can be.',
  'drop-no-box': '`effigy hub add ADDRESS` adds one.',
  'drop-no-key': 'Run `effigy sync`, so that their account is known.',
  'drop-too-large': 'Make it shorter.',
  'bad-request': 'Nothing was given. Let them ask anew.',
  'still-followed': '`effigy unfollow ID` does that.',
  leased: '`effigy lease held` shows until when.',
  'link-listed': '`effigy synod show` lists them.',
  'not-own-entry': 'Look at its id: `effigy log` shows your own.',
  'sealed-target': 'Say it in a note to them: `effigy note`.',
  'erased-target': 'Name another entry.',
  blocked: '`effigy unblock ID` lets them in again.',
  'not-found': '`effigy collection list CID` shows what there is.',
  restored: 'Run `effigy sync` first, so that nothing is written twice.',
  absent: 'Run `effigy sync` first, so that nothing is written twice.',
  'has-account': '`effigy synod show` shows it.',
  'group-former': '`effigy group show` says who is in it.',
  'group-admins-only': '`effigy group show` says who they are.',
  'group-senior': '`effigy group show` lists the most senior first.',
  'not-main': '`effigy synod show` names the main device.',
  'main-device': 'See `effigy synod handover` and `effigy synod move`.',
  'phrase-unconfirmed': '`effigy synod create --confirm` does that.',
  'main-without-key': 'See `effigy help synod move`.',
  'no-sighting':
    '`effigy synod show` tells what others have of it. Give --final EPOCH/LENGTH/CID, or --nothing.',
  'no-state': 'Run `effigy sync`, then try again.',
  disputed: 'See `effigy help synod move`.',
  'account-not-found':
    'Add a hub with `effigy hub add ADDRESS`, or name a device or friend with --at ADDRESS.',
  'not-watched': '`effigy follow ID` fetches it.',
  'lan-unavailable': 'Another program has port 5353 for itself. Go on without --lan.',
  unreachable: 'Look whether the hub runs and the network is there, then try again.',
  network: 'The hub belongs to another network: look at the setting networkKey.',
  version: 'Update this program, or ask the hub to.',
  identity:
    'Somebody else answers at that address: look at `effigy hub list`, and add the hub anew only if you know why.',
  'not-admitted': 'Ask whoever runs the hub to let you in.',
  'turned-away':
    'The hub closed before it showed who it is: look at its address and at the setting networkKey, then try again.',
}

/** What is wrong with an option's value. */
export const errorWords = {
  badLabel: 'It must be a line of 1 to 24 bytes.',
  badListen: 'It must be a port, or an address of this machine and a port: 192.168.1.7:4711.',
  badDate: 'It must be a day (2026-01-31) or a time (2026-01-31T12:30Z).',
  badBlobs: 'It must be all, none, or a size such as 300K, 10M or 1G.',
} as const
