/**
 * Every word that the program says, in one place, ready to be said in another language.
 *
 *     errorText ─▶ failure.ts      help ─▶ program.ts      say ─▶ commands/*
 *
 * @module
 */

export interface ErrorText {
  /** What happened. */
  readonly what: string
  /** What to do about it: a whole sentence. */
  readonly advice: string
}

const text = (what: string, advice: string): ErrorText => ({ what, advice })

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
  'secret-hidden': (key: string) => text(`${key} is a secret and is not shown`, 'Add --reveal to see it.'),
  'bad-address': (address: string) =>
    text(
      `"${address}" is not the address of a hub`,
      'It looks like ws://127.0.0.1:7337/effigy/1#did:key:z6Mk…; a hub prints its own when it starts.',
    ),
  'hub-unknown': (address: string) =>
    text(`No hub "${address}" is in the list`, '`effigy hub list` shows it.'),
  'no-hub': () =>
    text('No hub is known, so there is nobody to ask', 'Add one with `effigy hub add ADDRESS`.'),
  'hub-refused': (address: string, reason: string) =>
    text(`${address} refuses this device (${reason})`, 'Ask whoever runs it, or add another hub.'),
  unreachable: (addresses: string) =>
    text(
      `Nobody answers at ${addresses}`,
      'Look whether the hub runs and the network is there, then try again.',
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
  'path-absent': (path: string) =>
    text(`There is no "${path}" in this collection`, '`effigy collection list CID` shows what there is.'),
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
  'feed-forked': (name: string) =>
    text(
      `The feed of ${name} in this file contradicts what is here`,
      'Both are kept; the common beginning counts until its owner settles it.',
    ),
  'damage-found': (count: string) =>
    text(
      `${count}`,
      'The lines above name them; `effigy sync` fetches damaged bytes again, `effigy rebuild` makes views anew.',
    ),
} satisfies Readonly<Record<string, (...values: never[]) => ErrorText>>

/** What to do about errors that the layers below raise with a message of their own. */
export const otherErrors: Readonly<Record<string, string>> = {
  'home-unwritable': 'Choose a folder that you may write to.',
  'home-exists': '`effigy id` shows who lives there.',
  'storage-locked': 'Another `effigy` has this home open: end it, or wait for it.',
  'storage-damaged': '`effigy verify` says what is wrong.',
  vault: 'Without its key file a home cannot write; look whether the disk is whole.',
  'vault-exposed': 'Take the rights of others away: chmod 600.',
  'payload-invalid': 'Look at the lengths: names have 96 bytes, tags 96, at most 32 tags and 16 pictures.',
  'payload-too-large': 'Add large things as files with `effigy blob add`.',
  'entry-too-large': 'Leave some of it out.',
  'own-feed-incomplete': 'Run `effigy sync`, then try again.',
  restored: 'Run `effigy sync` first, so that nothing is written twice.',
  absent: 'Run `effigy sync` first, so that nothing is written twice.',
  'not-watched': '`effigy follow ID` fetches it.',
  unreachable: 'Look whether the hub runs and the network is there, then try again.',
  network: 'The hub belongs to another network: look at the setting networkKey.',
  version: 'Update this program, or ask the hub to.',
  identity:
    'Somebody else answers at that address: look at `effigy hub list`, and add the hub anew only if you know why.',
  'not-admitted': 'Ask whoever runs the hub to let you in.',
  'turned-away':
    'The hub closed before it showed who it is: look at its address and at the setting networkKey, then try again.',
}

export const say = {
  created: (home: string) => `A new home at ${home}. This is you:`,
  phraseHint: (words: number) =>
    `Write down the ${words} words of your account before you need them: \`effigy id --reveal\` shows them. They are the only way back after a loss.`,
  phraseWarning: 'Whoever has these words has your account. Write them on paper; show them to nobody.',
  phraseGone: 'The words are not kept here any more.',
  posted: (id: string) => `Posted ${id}`,
  metadataRemoved: (file: string, kinds: string) => `${file}: taken out before it is shared: ${kinds}`,
  following: (name: string, value: boolean) =>
    value ? `You follow ${name}` : `You no longer follow ${name}`,
  blocking: (name: string, value: boolean) => (value ? `${name} is blocked` : `${name} is no longer blocked`),
  muting: (name: string, value: boolean) => (value ? `${name} is muted` : `${name} is no longer muted`),
  olderCame: (came: number, held: number) =>
    came === 0
      ? `No older entries; ${counted(held, 'entry', 'entries')} here`
      : `${counted(came, 'older entry', 'older entries')} fetched, ${held} here`,
  forgotten: (name: string, held: number) =>
    `${name} is forgotten: ${counted(held, 'entry', 'entries')} dropped`,
  hops: (levels: number, feeds: number) =>
    levels === 0
      ? 'No friends of friends are fetched'
      : `${counted(feeds, 'feed', 'feeds')} of friends of friends, over ${counted(levels, 'hop', 'hops')}`,
  nothing: 'Nothing here yet.',
  noMatch: 'Nothing found.',
  noAnswers: 'No answers yet.',
  partly: (held: number, total: number) => `${held} of ${counted(total, 'entry', 'entries')}`,
  brokenFeed: (code: string) => `broken (${code})`,
  disputedFeed: 'disputed',
  followers: (count: number) => counted(count, 'follower known here', 'followers known here'),
  blobPinned: (cid: string) => `${cid} is here and stays.`,
  blobUnpinned: (cid: string) => `${cid} is gone: nothing else needed it.`,
  blobStillHeld: (cid: string) => `${cid} stays as long as something else needs it.`,
  blobsMissing: (files: string) => `${files} not here: nobody reached has them all.`,
  more: (limit: number) => `More with --limit ${limit}.`,
  missing: '(not fetched yet)',
  erased: '(erased by its author)',
  encrypted: '(for others)',
  fault: (code: string) => `(cannot be read: ${code})`,
  unverified: 'not checked yet',
  follows: (name: string) => `follows ${name}`,
  answers: 'answers',
  edited: 'edited',
  picture: (width: number, height: number, alt: string) =>
    alt === '' ? `picture ${width}×${height}` : `picture ${width}×${height}: ${alt}`,
  connecting: (address: string) => `Connecting to ${address} …`,
  connected: (address: string) => `Connected to ${address}`,
  unreached: (address: string, code: string) => `No answer from ${address} (${code})`,
  pinned: (address: string, identity: string) =>
    `${address} is ${identity}; from now on nobody else is accepted there`,
  fetching: 'Fetching',
  checking: 'Checking signatures',
  files: 'Fetching files',
  indexing: 'Reading for search',
  rebuilding: 'Rebuilding',
  reading: 'Reading',
  writing: 'Writing',
  synced: (hubs: string, entries: string, feeds: string) =>
    `Up to date with ${hubs}: ${entries} of ${feeds} here.`,
  watching: 'Watching for news; Ctrl-C ends it.',
  hubAdded: (address: string) => `Added ${address}`,
  hubRemoved: (address: string) => `Removed ${address}`,
  noHubs: 'No hub yet. Add one with `effigy hub add ADDRESS`; `npm start` in a clone runs your own.',
  unpinned: 'not met yet',
  profileSaved: 'Your profile is saved.',
  collectionAdded: (files: string, size: string) => `${files}, ${size}`,
  skipped: (count: string, why: string) => `${count} left out: ${why}`,
  hiddenFiles: 'hidden files (add them with --hidden)',
  symlinks: 'links and special files',
  wrote: (path: string, size: string) => `Wrote ${path} (${size})`,
  changed: (id: string) => `Changed; it is now ${id}`,
  rewritten: (entries: string) => `${entries} after it get new ids; what they say stays.`,
  deletePlan: (count: string, rewritten: string) =>
    `This takes ${count} out of your feed and rewrites ${rewritten} after it.`,
  deleteFar: 'That is far back: `effigy erase` reaches the same for readers without rewriting.',
  deleted: (count: string) => `${count} taken out of your feed.`,
  erasePlan: (count: string) =>
    `This asks everybody to drop the contents of ${count}. It cannot be taken back.`,
  erasedNow: (count: string) => `The contents of ${count} are erased.`,
  confirm: (question: string) => `${question} Go on? [y/N] `,
  exported: (entries: string, path: string) => `${entries} written to ${path}`,
  imported: (name: string, added: string) => `${name}: ${added} new`,
  verified: (entries: string, feeds: string) =>
    `Everything is as it must be: ${entries} of ${feeds}, and every block.`,
  damage: (kind: string, cid: string) => `${kind} ${cid} is damaged`,
  wrongSignature: (cid: string) => `the signature of ${cid} is wrong`,
  wrongHead: (identity: string) => `the head record of ${identity} is wrong`,
  wrongLink: (cid: string, code: string) => `${cid} breaks the rules of its feed (${code})`,
  rebuilt: 'All views are made anew.',
  isDefault: 'default',
  hidden: '(set, not shown)',
  entries: (count: number) => counted(count, 'entry', 'entries'),
  feeds: (count: number) => counted(count, 'feed', 'feeds'),
  hubs: (count: number) => counted(count, 'hub', 'hubs'),
  fileCount: (count: number) => counted(count, 'file', 'files'),
  problems: (count: number) => counted(count, 'problem was found', 'problems were found'),
  interrupted: 'Interrupted.',
  bug: 'This is a mistake in the program, not yours. Please report it with the lines above.',
  didYouMean: (names: string) => `. Did you mean ${names}?`,
} as const

function counted(count: number, one: string, many: string): string {
  return `${new Intl.NumberFormat('en').format(count)} ${count === 1 ? one : many}`
}

/** What `--help` says of commands, arguments and options. */
export const help = {
  program: 'Your notes, signed by you, kept by you, shared with friends. No central server.',
  usageGroups: {
    write: 'Write',
    read: 'Read',
    people: 'People',
    network: 'Network',
    files: 'Files',
    care: 'Care',
    more: 'More',
  },
  home: 'home folder (EFFIGY_HOME; ~/.effigy)',
  json: 'one JSON object a line (see: effigy help json)',
  quiet: 'no notes and no progress',
  verbose: 'events of the network, as JSON lines on stderr',
  version: 'the version',
  showHelp: 'how this is used',
  init: 'make a home: a new identity on this device',
  initName: 'what you are called',
  phraseWords: 'words of the recovery phrase',
  reveal: 'show the words of your account: a secret',
  id: 'who you are here',
  post: 'write a note',
  postText: 'what to say; - reads standard input',
  image: 'attach a picture (again for more); where it was taken is removed',
  alt: 'what the picture shows, in the order of --image',
  tag: 'a word to find it by (again for more)',
  reply: 'answer that entry',
  cw: 'a warning to show before the text',
  eachLine: 'every line of standard input becomes a note of its own',
  log: "one person's feed, newest first; your own when nobody is named",
  person: 'did:key:…, six characters or more of one, or me',
  people: 'did:key:…, or six characters or more of one that is known',
  limit: 'how many at most',
  show: 'one entry, whole',
  entry: 'its CID, or six characters or more of its beginning or end',
  entries: 'their CIDs, or six characters or more of each',
  relate: {
    follow: 'read what they write from now on',
    unfollow: 'follow them no longer',
    block: 'see nothing of them; only you can read that',
    unblock: 'block them no longer',
    mute: 'keep them out of your timeline; only you can read that',
    unmute: 'mute them no longer',
  },
  following: 'whom you follow, and how much of them is here',
  last: 'only so many of the newest entries',
  since: 'only entries from that day on (2026-01-31)',
  blobs: 'all, none, or how large a file may be (10M) to come by itself',
  older: 'fetch older entries of somebody',
  olderCount: 'how many (100)',
  forget: 'unfollow, and drop all that is here of somebody',
  hops: 'fetch friends of friends too: 0 none, 1 them, 2 their friends as well',
  hopCount: 'how far; shows how it is when left out',
  hopMax: 'feeds a hop at most (1000)',
  listBlocked: 'whom you block instead',
  listMuted: 'whom you mute instead',
  timeline: 'what the people you follow wrote, newest first',
  comments: 'answers too',
  live: 'stay connected and show what comes; Ctrl-C ends it',
  thread: 'an entry and the answers to it',
  sync: 'meet the hubs: fetch, send, check; ends when all is done',
  watch: 'stay connected afterwards; Ctrl-C ends it',
  timeout: 'seconds to wait at most',
  hub: 'the hubs through which you meet others',
  hubStart:
    'To run a hub of your own: `npm start` in a clone of Effigy. It prints its address for `hub add`.',
  hubAdd: 'add one; who answers there first is remembered',
  hubAddress: 'ws://host:port/effigy/1#did:key:…, or http://host:port',
  hubList: 'those in the list',
  hubRemove: 'take one out of the list',
  profile: 'what somebody says about themselves; you when nobody is named',
  profileSet: 'say something about yourself',
  profileName: 'your name',
  about: 'a few sentences',
  avatar: 'a picture of you',
  blob: 'files by themselves',
  blobAdd: 'keep a file here and print its CID; where a picture was taken is removed',
  fileOrStdin: 'a file; - reads standard input',
  blobPin: 'keep a file or collection whatever becomes of its entry; fetches it when it is not here',
  blobUnpin: 'keep it no longer for its own sake',
  blobPins: 'what is pinned',
  blobGet: 'write a file to standard output or FILE; fetches it when it is not here',
  cid: 'bafkrei… or bafybei…',
  outputFile: 'where to write it; - is standard output',
  range: 'bytes from a to b, both included; a- is everything from a',
  force: 'replace what is there',
  collection: 'whole folders',
  collectionAdd: 'keep a folder here and print its CID',
  folder: 'a folder',
  collectionPost: 'tell your followers about it',
  hidden: 'files whose names begin with a dot, too',
  collectionGet: 'write a folder into DEST; never outside of it',
  destination: 'a folder, made when it is not there',
  collectionList: 'what is in a folder',
  cidPath: 'CID of a collection, with a path in it',
  search: 'find entries by their words; a trailing * finds beginnings',
  words: 'all of them must be there',
  edit: 'put another text in the place of one of your notes',
  editText: 'the new text; - reads standard input',
  delete: 'take entries out of your feed, which is written anew from there on',
  dryRun: 'only say how many entries would be rewritten',
  yes: 'do not ask',
  erase: 'ask everybody to drop what entries of yours say',
  export: 'write a feed to a CAR file that can be carried by hand',
  exportFile: 'the file; - is standard output',
  withBlobs: 'with the files that it shows',
  import: 'take feeds from a CAR file; every byte is checked first',
  importFile: 'a file made by `effigy export`',
  verify: 'check every signature, hash and block of this home again',
  rebuild: 'make lists, threads and profiles anew from the bytes',
  config: 'the settings of this home',
  configGet: 'one setting',
  configSet: 'change a setting',
  configUnset: 'back to the default',
  configList: 'all settings',
  configKey: 'color, limit, timeout or networkKey',
  configValue: 'its new value',
  showOrigin: 'where each value comes from',
  revealSetting: 'show secrets',
  completion: 'a script that completes commands in your shell',
  shell: 'which shell',
  help: 'help about a command or a topic',
  topic: 'a command, exit-codes, json or environment',
} as const

/** Pages of `effigy help TOPIC`. */
export const topics = {
  'exit-codes': `Exit codes

  0    it worked
  1    a check found something wrong (verify, import)
  2    the command was not understood, or its input is no good
  3    a home, entry, person or file is not there
  4    the network: nobody answers, refused, or not everything came in time
  5    storage: disk full, home open elsewhere, files damaged or not writable
  6    refused: it would overwrite or destroy, or your feed's rules forbid it
  70   a mistake in this program
  130  ended by Ctrl-C

Errors end with a stable code in brackets, for example [file-exists].
`,
  json: `--json writes one object a line to standard output. Fields are only ever added.

  entries (log, timeline, thread, search, show)
    entry, content, author, authorName, length, comparable, sort (ms), verified,
    state (shown, missing, erased, encrypted, fault), type, payload, fault;
    show adds reactions [{label, by}]
  init, id            identity, home, name (init); phrase only with --reveal
  post                entry, content, length
  edit                entry, content, rewritten
  delete              entries, rewritten, dryRun; epoch, head
  erase               entry, erased
  follow and the like kind, identity, value, entry, content
  following           identity, name, held, length, disputed, broken
  profile             identity, name, about, avatar, hubs, followers
  hub                 address, identity
  sync                type "synced", hubs, feeds, entries, newEntries, behind,
                      unverified, blobsWanted, sessions (identity, kind, upToDate, hasMine)
  blob add            cid, size, removed, image
  blob get -o         cid, file, size
  blob pin            cid, pinned
  blob unpin          cid, pinned, here
  blob pins           cid, state (complete, partial, absent, refused), size
  collection add      cid, name, files, size, entry
  collection get      cid, folder, files, bytes
  collection list     name, cid, type, size
  export              identity, file, entries, size, missingFiles
  import              identity, epoch, length, added, outcome
  verify              type "finding": kind, cid, identity, code;
                      last, type "verified": feeds, entries, findings
  config              key, value; origin with --show-origin

An error is one object on standard error: error {code, message}, exitCode.
`,
  environment: `Variables

  EFFIGY_HOME         home folder; -C counts above it
  EFFIGY_COLOR        auto, always or never
  EFFIGY_LIMIT        entries that lists show
  EFFIGY_TIMEOUT      seconds that the network may take
  EFFIGY_NETWORK_KEY  32 bytes in base64url: a closed network
  NO_COLOR            any value: no colours
`,
} as const

/** What is wrong with an option's value. */
export const errorWords = {
  badDate: 'It must be a day (2026-01-31) or a time (2026-01-31T12:30Z).',
  badBlobs: 'It must be all, none, or a size such as 300K, 10M or 1G.',
} as const
