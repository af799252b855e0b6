/**
 * What `effigy recovery …` and `effigy restore` say: of themselves, of their work, and the questions that they ask.
 *
 * @module
 */

export const recoveryHelp = {
  recovery: 'friends who hold parts of your words, and the way back with them',
  split: 'give each of some friends a part of your words, of which a few together give them back',
  splitAmong: 'friends with an account, whom you follow, by name or did:key:…: 2 to 16',
  custodians: 'did:key:… of the friends who hold the parts: 2 to 16',
  threshold: 'how many of them are needed',
  phraseFile: 'a file with the words, where they are not on this device any more; - reads standard input',
  show: 'who holds parts of your words',
  rehearse: 'ask the custodians that are online whether they still can open their parts',
  held: 'whose parts you hold, and who asks for one',
  approve: 'give the part that you hold to a new device, after you compared six words with its owner',
  request: 'the request, by its number in `recovery held`; all that come when left out',
  words: 'the six words that the owner read to you: only that request is approved',
  deny: 'say no to it; that device is not heard for a day',
  for: 'whose part, where the request has a name alone',
  count: 'end after so many were approved',
  ask: 'on a new device: ask custodians for the parts of your words that they hold',
  name: 'who you are, for them to read',
  account: 'did:key:… of your account, where you know it',
  combine: 'put the parts that came together, and see whether they are right',
  reveal: 'show the words of the account: a secret',
  forget: 'give up: wipe the requests and the parts that came',
  restore: 'take the account back on a new device, when all others are gone',
  shares: 'with the parts that custodians gave (`effigy recovery request`)',
  restorePhrase: 'a file with the words; - reads standard input; asked for on a terminal when left out',
  friend: 'where a friend is reached who follows you: ws://host:port/…#did:key:… (again for more)',
  from: 'a file of `effigy export` or `effigy backup`, read first',
  keep: 'an old device that is not lost, by its label or identity (again for more)',
  label: 'what this device is called in the account',
} as const

export const recoverySay = {
  splitPlan: (threshold: number, count: number) =>
    `Any ${threshold} of these ${count} friends together could take your account. Each of them alone learns nothing.`,
  split: (threshold: number, count: number) =>
    `Your words are split among ${count} friends; any ${threshold} of them give them back.`,
  splitLater: 'It reaches them when they are online. `effigy recovery rehearse` asks whether they have it.',
  notSplit: 'Your words are not split among friends.',
  splitting: (threshold: number, count: number, when: string) =>
    `${threshold} of ${count} give the words back, since ${when}`,
  outcome: {
    holds: 'has it',
    lacks: 'does not have it',
    false: 'gave a false answer',
    asked: 'is asked when they are online',
    away: 'could not be asked',
  },
  rehearsed: (holding: number, count: number) =>
    `${holding} of your ${count} custodians still hold their part.`,
  rehearsedAway: (away: number) =>
    `${away} have not answered. Run this again later: they answer by themselves.`,
  rehearsedFew: 'That is not enough to come back with. Split anew with `effigy recovery split`.',
  held: (name: string, threshold: number, count: number, when: string) =>
    `${name}: one of ${count} parts, ${threshold} are needed, since ${when}`,
  replaced: (count: number) => `  and ${count} that it replaced, kept for 30 days`,
  entrusted: (name: string) =>
    `${name} entrusted a part of their words to you. \`effigy recovery held\` shows it.`,
  requestsWait: (count: number) =>
    `${count === 1 ? 'Somebody asks' : `${count} ask`} for a part that you hold. Wait until they call you, then run \`effigy recovery approve\`.`,
  heldNone: 'You hold no parts of anybody.',
  asks: (name: string, claimed: string) =>
    `Somebody who says to be "${name}" asks for the part of ${claimed}.`,
  noClaim: 'nobody in particular',
  theWords: (words: string) => `  ${words}`,
  otherWords: (name: string) =>
    `Somebody who says to be "${name}" asks with other words than yours. It is not approved, and waits.`,
  compare:
    'Call them, or meet: they read these six words to you. Whoever only writes to you may be somebody else. Are they the same?',
  approved: 'They have the part that you held.',
  denied: 'They get nothing.',
  waiting: 'Waiting for requests.',
  asked: 'Read each of them these six words, by telephone or face to face:',
  askedOf: (name: string, words: string) => `  ${name}: ${words}`,
  state: { asking: 'not answered yet', given: 'gave it', denied: 'said no', false: 'gave something else' },
  answered: (name: string, state: string) => `${name} ${state}.`,
  enough: 'That is enough. Go on with `effigy restore --shares`.',
  askAgain: 'Those who have not answered are asked on. Run the same again later.',
  combined: 'The parts give the words of your account. Go on with `effigy restore --shares`.',
  wrongShare: (name: string) => `The part of ${name} is false: it was altered, or is another one.`,
  forgotten: 'The requests and the parts are wiped here.',
  askWords: 'The words of the account: ',
  found: (name: string) => `Found: the account of ${name}.`,
  unnamed: 'somebody without a name',
  device: (label: string, entries: string, when: string) => `  ${label}: ${entries}, the last ${when}`,
  deviceUnknown: (label: string) => `  ${label}: nothing of it is known`,
  stays: 'stays',
  restorePlan: (lost: string) =>
    `This device becomes the main one. Lost, and revoked where they ended: ${lost}. What they write from now on counts nowhere.`,
  restorePlanNone: 'This device becomes the main one.',
  restored: 'The account is back. This device is its main one.',
  alone:
    'Nobody was asked: what the account wrote since this file was made is not known. Go online, and run `effigy sync`.',
} as const
