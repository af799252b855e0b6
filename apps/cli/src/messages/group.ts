/**
 * What `effigy group …` says: of itself, and of its work.
 *
 * @module
 */

/** What `--help` says of the commands of groups. */
export const groupHelp = {
  group: 'people who write to each other, and nobody else reads it',
  create: 'make a group; you are its first admin',
  name: 'what it is called',
  about: 'a few sentences',
  noHistory: 'who joins later does not read what was written before',
  inviteOption: 'who is in it from the beginning (again for more)',
  list: 'your groups',
  show: 'a group, who is in it and who can read what is written now',
  one: 'its name, or six characters or more of its id',
  invite: 'let people in; they have to follow you',
  admin: 'as admins: they let people in and out, too',
  leave: 'go; you keep what you had, and read nothing newer',
  remove: 'take people out: they keep what they had, and read nothing newer',
  role: 'make somebody an admin, or a member again; nobody demotes who was an admin before them',
  roleName: 'admin or member',
  rename: 'give it another name',
  post: 'write to those who are in it now',
  messages: 'what was written in it, newest first',
} as const

/** What the commands say. */
export const groupSay = {
  created: (name: string, id: string) => `${name} is there: ${id}`,
  none: 'You are in no group. `effigy group create NAME` makes one.',
  noMessages: 'Nothing was written in it yet that you can read.',
  role: { admin: 'you are an admin', member: 'you are a member', former: 'you are no member any more' },
  roleOf: { admin: 'admin', member: '' },
  heir: 'admin, because no other is left',
  count: (members: number) => (members === 1 ? '1 member' : `${members} members`),
  noHistory: 'who joins later does not read what was written before',
  waiting: (count: number) =>
    `${count === 1 ? 'One change' : `${count} changes`} of it cannot be judged yet: others that they build on are missing. \`effigy sync\` fetches them.`,
  unknownDevices: 'nothing is known of their devices yet: they get the key when it is',
  withoutKey: 'gets the key with the next message',
  invited: (names: string, name: string) => `${names}: in ${name} now.`,
  removed: (names: string, name: string) =>
    `${names}: no longer in ${name}. They keep what they had, and read nothing newer.`,
  left: (name: string) => `You are no longer in ${name}. You keep what you had, and read nothing newer.`,
  changed: 'Saved.',
  posted: (entry: string) => entry,
  former: 'no member any more',
  syncSoon: 'Run `effigy sync`, so that the others hear of it.',
} as const
