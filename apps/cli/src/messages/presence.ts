/**
 * What `effigy presence …` says.
 *
 * @module
 */

export const presenceHelp = {
  presence: 'who is here now, and who sees that you are',
  show: 'meet the hubs and say who is here, who tried to reach you in vain, and what you chose',
  set: 'choose on this device whom it shows itself to, in place of what was chosen before',
  circles:
    'friends, room (everybody in the room of a hub that has one, who see you in return), did:key:… or six characters or more of it; ' +
    'or alone: invisible (your own devices see you all the same), visible (as it was chosen before)',
  watch: 'stay, and say it again with each change',
} as const

const numbers = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`

export const presenceSay = {
  circles: {
    own: 'your own device',
    friend: 'friend',
    list: 'on your list',
    room: 'in the room',
  },
  here: (name: string, circle: string, isConnected: boolean) =>
    `${name}  ${circle}${isConnected ? ', connected' : ''}`,
  nobody: 'Nobody is here whom you would see.',
  shown: (circles: string) => `You show yourself to ${circles}.`,
  invisible: 'You are invisible: your own devices alone see that you are here.',
  friends: 'friends',
  room: 'everybody in rooms',
  nobodyElse: 'your own devices alone',
  and: ', ',
  attempt: (name: string, count: number) =>
    `${name} tried to reach you ${numbers(count, 'time', 'times')} and was turned away.`,
  warning: (hub: string, code: string, count: number) =>
    `The hub ${hub} handed on ${numbers(count, 'message', 'messages')} that nobody sent so, or not now [${code}].`,
} as const
