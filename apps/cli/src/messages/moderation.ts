/**
 * What `effigy report` says.
 *
 * @module
 */

export const reportHelp = {
  report: 'tell whoever runs a hub of somebody, or of something that they wrote',
  about: 'who is meant: their name among those whom you follow, or their id',
  text: 'what they should know, at most 1,000 characters; - reads standard input',
  entry: 'what is meant of theirs: the id of an entry',
  reason: 'what is wrong with it',
  hub: 'the address of a hub in the list; may be left out when there is one',
} as const

export const reportSay = {
  reported: (who: string, hub: string) =>
    `Told to whoever runs ${hub}, who sees that it is from you. ${who} is not told.`,
  hide: (command: string) => `To see nothing of them yourself: ${command}`,
} as const
