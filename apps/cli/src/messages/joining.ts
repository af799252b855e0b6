/**
 * What `effigy invite …`, `hub join`, `alias …` and `follow NAME@HOST` say.
 *
 * @module
 */
import type { AliasCode } from '@effigy/peer'

export const joiningHelp = {
  join: 'come to a hub with an invite: the link that somebody sent you',
  link: 'https://…/i/#effigy-invite-1-…, in quotes, or what stands behind the #; - reads standard input',
  joinFollow: 'follow whoever invited you, too',
  invite: 'ask others to a hub of yours',
  inviteCreate: 'make a link that lets others in; whoever has it can use it',
  inviteList: 'the links that this device made there, and how often they were used',
  inviteRevoke: 'let nobody else in by a link; whoever came stays',
  count: 'how many may come with it (1)',
  days: 'days that it is good for (7, at most 30)',
  hub: 'the address of a hub in the list; may be left out when there is one',
  token: 'as the list shows it',
  alias: 'names that hubs give you, like alice@hub.example, by which others find you',
  aliasClaim: 'take a name at a hub, and say in your profile that you go by it',
  aliasRelease: 'give a name back; nobody else gets it for 30 days',
  aliasList: 'your names there',
  name: '2 to 32 of a-z, 0-9, and single . _ - between',
} as const

export const joiningSay = {
  joined: (address: string) => `You are in. ${address} is in your list of hubs now.`,
  late: 'By the clock here this invite is over; the hub decides.',
  offer: (who: string, command: string) => `${who} invited you. To follow them: ${command}`,
  ask: (who: string) => `${who} invited you. Follow them? [y/N] `,
  somebody: 'Somebody who gave no name',
  notFound: (command: string) => `Nobody here knows yet who invited you. Try later: ${command}`,
  made: (count: number, day: string) =>
    `Good for ${count === 1 ? 'one person' : `${count} people`}, until ${day}. Send it to nobody else:`,
  row: (token: string, used: number, count: number, state: string) =>
    `${token}  ${used} of ${count}  ${state}`,
  good: (day: string) => `until ${day}`,
  over: (day: string) => `over since ${day}`,
  usedUp: 'used up',
  revoked: 'revoked',
  noInvites: 'This device made no invites there.',
  wasRevoked: 'Nobody else comes in by it.',
  claimed: (alias: string) => `You are ${alias}. It counts for others when your profile has reached them.`,
  released: (alias: string) => `${alias} is nobody’s now.`,
  noAliases: 'You have no name there.',
  unlisted: (alias: string) => `${alias}  (your profile does not list it: claim it again)`,
  plain: 'Names are looked up over https: others will not find this one until the hub has it.',
  resolved: (alias: string, identity: string) => `${alias} is ${identity}`,
} as const

/** Why an invite was not taken, or a name not given, by the code of the hub: what, and what to do. */
export const joiningErrors: Readonly<Record<string, readonly [what: string, advice: string]>> = {
  'invite-damaged': ['The hub cannot read this invite', 'Copy the whole link again.'],
  'invite-foreign': ['This invite is for another hub', 'Ask whoever sent it for the right link.'],
  'invite-unknown': [
    'The hub does not know this invite',
    'It may be long over. Ask whoever sent it for a new one.',
  ],
  'invite-altered': [
    'This invite is not what its sender signed',
    'Do not use it, and ask whoever sent it for a new one.',
  ],
  'invite-revoked': ['This invite was taken back', 'Ask whoever sent it.'],
  'invite-expired': ['It is too late for this invite', 'Ask whoever sent it for a new one.'],
  'invite-used': ['Somebody else came with this invite already', 'Ask whoever sent it for another one.'],
  'hub-full': ['The hub has no room for more people', 'Try the same invite later: it stays good.'],
  'too-many': ['You have as many as the hub allows', 'Give one back, or take one back, first.'],
  'too-fast': ['The hub wants a rest', 'Wait a minute, then try again.'],
  newcomer: [
    'The hub holds nothing of yours yet',
    'Say your name (`effigy profile set --name`), run `effigy sync`, then try again.',
  ],
  taken: ['Somebody else has that name, or the hub keeps it', 'Choose another one.'],
  'bad-name': ['That is no name for people', 'It has 2 to 32 of a-z, 0-9, and single . _ - between.'],
  'not-yours': ['That name is not yours there', '`effigy alias list` shows yours.'],
  'no-account': [
    'The hub knows of no account of yours',
    'Make one with `effigy synod create`, run `effigy sync`, then try again.',
  ],
  full: ['The hub has no room for that', 'Try again in an hour, or write to whoever runs it.'],
  busy: ['The hub is busy', 'Try again in a moment.'],
  internal: ['The hub made a mistake', 'Try again; if it stays so, tell whoever runs it.'],
  'unknown-service': ['The hub does not do that for you', 'Ask whoever runs it.'],
}

/** Why an alias leads to nobody: what, and what to do. */
export const aliasErrors: Readonly<Record<AliasCode, readonly [what: string, advice: string]>> = {
  'alias-invalid': ['is no name at a hub', 'It looks like alice@hub.example.'],
  'alias-unreachable': ['cannot be asked for: nobody answers there', 'Look at the part behind the @.'],
  'alias-private': [
    'leads into a private network, which no public name should',
    'If that is meant, write the address itself behind the @.',
  ],
  'alias-redirect': ['cannot be asked for: the host sends elsewhere', 'Ask them for their whole name.'],
  'alias-unknown': ['is nobody at that hub', 'Look for a typing mistake.'],
  'alias-too-fast': ['cannot be asked for just now', 'Wait a minute, then try again.'],
  'alias-bad-answer': [
    'cannot be asked for: no hub of Effigy answers there',
    'Look at the part behind the @.',
  ],
  'alias-stale': [
    'has an answer of another day',
    'Look at the clock of this device; else the hub’s is wrong.',
  ],
  'alias-no-account': ['is an account that nobody here has', 'Try later, or ask them for an invite.'],
  'alias-denied': [
    'is what the hub says, and the account itself does not',
    'Nobody was followed. Ask them by another way who they are.',
  ],
}
