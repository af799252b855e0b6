/**
 * What `effigy lease …` says.
 *
 * @module
 */

export const leaseHelp = {
  lease: 'have hubs, friends or your other devices keep what you wrote, and see whether they do',
  ask: 'ask them to keep the feeds of all your devices, renewed whenever one of yours meets them',
  list: 'what they promised, and when they last showed that they have it',
  check: 'renew what is due, and have them show now that they have it',
  end: 'they need not keep it any more',
  held: 'what this device promised to others',
  holder:
    'the address of a hub in the list, did:key:… or six characters or more of it; all hubs when left out',
  everyHolder: 'the same; everybody who promised something when left out',
  days: 'how long at a time, 1 to 90',
  blobs: 'files too: all, none, or up to a size such as 300K, 10M, 1G',
} as const

export const leaseSay = {
  leased: (holder: string, feed: string, day: string, files: string) =>
    `${holder} keeps ${feed} until ${day}, ${files}.`,
  refused: (holder: string, feed: string, code: string) => `${holder} does not keep ${feed} [${code}].`,
  withFiles: (size: string) => `files up to ${size} too`,
  allFiles: 'with all files',
  noFiles: 'without files',
  ended: (holder: string) => `${holder} need not keep anything any more.`,
  toldLater: (holder: string) => `${holder} is not connected: it hears of it when it is met.`,
  none: 'Nobody promised anything. `effigy lease ask` asks your hubs.',
  noneHeld: 'This device promised nothing to anybody.',
  row: (holder: string, feed: string, state: string, entries: string) =>
    `${holder}  ${feed}  ${entries}  ${state}`,
  held: (feed: string, day: string, size: string) => `${feed}  ${size} until ${day}`,
  states: {
    promised: (day: string) => `promised until ${day}, not shown yet`,
    checked: (day: string) => `until ${day}`,
    unchecked: (day: string) => `promised until ${day}, not shown for 30 days`,
    failed: () => 'does not keep its word',
    gone: () => 'says that it has it no more',
    ended: (day: string) => `ended on ${day}`,
  },
  why: {
    absent: 'it cannot show what it promised to have',
    range: 'it cannot show what it promised to have',
    'wrong-answer': 'it shows something else than what was promised',
    'not-listed': 'it does not know of it any more',
  } as Readonly<Record<string, string>>,
} as const
