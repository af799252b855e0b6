/**
 * What `effigy hub quota` says.
 *
 * @module
 */

export const quotaHelp = {
  quota: 'what your hubs keep for you, and how much they would',
} as const

export const quotaSay = {
  hub: (address: string, devices: number) =>
    devices > 1 ? `${address}, for your ${devices} devices together:` : `${address}:`,
  feeds: (kept: number, most: number) => `  feeds    ${kept} of at most ${most}`,
  left: (count: number) => `  left out ${count}, watched last: there is no room for them`,
  followed: (count: number) => `  depth    the newest ${count} of each feed that is not yours`,
  entries: (held: string, most: string) => `  entries  ${held} of at most ${most}`,
  files: (held: string, most: string, largest: string) =>
    `  files    ${held} of at most ${most}, none above ${largest}`,
  refused: (address: string, code: string) => `${address} does not say (${code}).`,
} as const
