/**
 * What the commands say of their work, and the questions that they ask.
 *
 * @module
 */
import type { SessionVia } from '@effigy/peer'

export const say = {
  created: (home: string) => `A new home at ${home}. This is you:`,
  phraseHint: (words: number) =>
    `Write down the ${words} words of your account before you need them: \`effigy id --reveal\` shows them. They are the only way back after a loss.`,
  phraseWarning: 'Whoever has these words has your account. Write them on paper; show them to nobody.',
  phraseGone: 'The words are not kept here any more.',
  metadataUnknown: (file: string) =>
    `${file}: what it says besides its content was not looked into: its kind is not understood here`,
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
  accountFound: (name: string) => `${name} has an account: you follow all of its devices`,
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
  entriesMissing: (entries: string) =>
    `${entries} more are known, and not on this device: \`effigy sync\` where somebody has them, then do it again.`,
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
  lookingNear: 'Looking for others in this network',
  fetching: 'Fetching',
  checking: 'Checking signatures',
  files: 'Fetching files',
  indexing: 'Reading for search',
  rebuilding: 'Rebuilding',
  askSetting: (key: string) => `${key}, which is not shown: `,
  standardOutput: 'standard output',
  healBranch: (entries: string, from: string, to: string) =>
    from === to ? `${entries} of ${from}` : `${entries} from ${from} to ${to}`,
  healPlan: (branches: string, isGivingUp: boolean) =>
    `Two continuations of what this device wrote are known${branches === '' ? '' : ` (${branches})`}. ${
      isGivingUp
        ? 'They become one of what is here; the rest is given up, and written anew where it turns up.'
        : 'They become one, with the entries of both.'
    } If one was not you, answer no: somebody has the key of this device. Take it out of your account from another device with \`effigy synod revoke\`.`,
  goOnPlan:
    'The newest entry of this device is not here. You go on from what is; where it turns up, it is written anew.',
  notAll: 'Not all of what is known of has come: `effigy sync` goes on with it.',
  givingUpWaits: 'Waiting a minute: whoever still has it can show it.',
  healed: (entries: string) => `Healed: one feed of ${entries}. This device writes again.`,
  goesOn: 'This device writes again, from what is here.',
  reading: 'Reading',
  writing: 'Writing',
  synced: (hubs: string, entries: string, feeds: string) =>
    `Up to date with ${hubs}: ${entries} of ${feeds} here.`,
  watching: 'Watching for news; Ctrl-C ends it.',
  way: (label: string, type: SessionVia['type'], why: string | null) =>
    `${label}: ${ways[type]}${why === null ? '' : `. ${why}`}`,
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
  importedWaiting: (name: string, waiting: string) =>
    `${name}: ${waiting} kept, and shown once what ties them to the feed is here`,
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
  hubsAndOthers: (hubs: number, others: number) =>
    hubs === 0
      ? counted(others, 'device', 'devices')
      : `${counted(hubs, 'hub', 'hubs')} and ${counted(others, 'device', 'devices')}`,
  fileCount: (count: number) => counted(count, 'file', 'files'),
  problems: (count: number) => counted(count, 'problem was found', 'problems were found'),
  interrupted: 'Interrupted.',
  hyphen: 'Put -- before what begins with a hyphen and is no option',
  bug: 'This is a mistake in the program, not yours. Please report it with the lines above.',
  didYouMean: (names: string) => `. Did you mean ${names}?`,
} as const

const ways: Readonly<Record<SessionVia['type'], string>> = {
  direct: 'connected directly',
  turn: 'connected directly, over a relay for packets',
  relay: 'connected through a hub',
  hub: 'connected',
  address: 'connected at its address',
}

function counted(count: number, one: string, many: string): string {
  return `${new Intl.NumberFormat('en').format(count)} ${count === 1 ? one : many}`
}
