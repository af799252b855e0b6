/**
 * What a setting may be: one reader a kind, for values of a JSON file and for texts
 * of flags and variables alike.
 *
 *     file  7337 ──────────────┐
 *     flag '7337' ─fromText▶ 7337 ─accept▶ Value │ null
 *
 * @module
 */
import { type Identity, parseBase64url, parseIdentity } from '@effigy/core'
import { parsePeerAddress } from '@effigy/peer'

export interface Kind<Value> {
  /** Ends the sentence "… must be". */
  readonly allowed: string
  /** The JSON value that a text of a flag or variable stands for. */
  fromText(text: string): unknown
  /** The value, or null when it is not allowed. */
  accept(value: unknown): { readonly value: Value } | null
  /** As people read it. */
  show(value: Value): string
}

const asIs = (text: string): unknown => text
const asNumber = (text: string): unknown => (/^\d{1,15}$/.test(text) ? Number(text) : text)

export function integer(min: number, max: number): Kind<number> {
  return {
    allowed: `a whole number from ${min} to ${max}`,
    fromText: asNumber,
    accept: (value) =>
      Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
        ? { value: value as number }
        : null,
    show: String,
  }
}

/** Of things that are counted from the newest on; `all` where there is no end. */
export function countOrAll(min: number, max: number): Kind<number | 'all'> {
  const count = integer(min, max)
  return {
    allowed: `all, or ${count.allowed}`,
    fromText: asNumber,
    accept: (value) => (value === 'all' ? { value } : count.accept(value)),
    show: String,
  }
}

export function text(minLength: number, maxLength: number): Kind<string> {
  return {
    allowed: `a text of ${minLength} to ${maxLength} characters in one line`,
    fromText: asIs,
    accept: (value) =>
      typeof value === 'string' &&
      value.length >= minLength &&
      value.length <= maxLength &&
      // Nothing that would break out of a line of a terminal or turn its writing round.
      !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value)
        ? { value }
        : null,
    show: (value) => value,
  }
}

export const path: Kind<string | null> = {
  allowed: 'null or the path of a file',
  fromText: asIs,
  accept: (value) => (value === null ? { value } : text(1, 1024).accept(value)),
  show: (value) => value ?? 'none',
}

export const flag: Kind<boolean> = {
  allowed: 'true or false',
  fromText: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  accept: (value) => (typeof value === 'boolean' ? { value } : null),
  show: String,
}

export function choice<const Choice extends string>(...choices: readonly Choice[]): Kind<Choice> {
  return {
    allowed: `one of ${choices.join(', ')}`,
    fromText: asIs,
    accept: (value) => {
      const found = choices.find((known) => known === value)
      return found === undefined ? null : { value: found }
    },
    show: (value) => value,
  }
}

/** Null where nothing is chosen. */
export function choiceOrNone<const Choice extends string>(
  ...choices: readonly Choice[]
): Kind<Choice | null> {
  const chosen = choice(...choices)
  return {
    allowed: `null or ${chosen.allowed}`,
    fromText: (text) => (text === 'none' ? null : text),
    accept: (value) => (value === null ? { value } : chosen.accept(value)),
    show: (value) => value ?? 'none',
  }
}

const unitsByName: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
  ['TiB', 2 ** 40],
])

export function bytes(min: number): Kind<number> {
  return {
    allowed: `a number of bytes, or a text like "500 MB" or "2 GiB", from ${min} bytes on`,
    fromText: asNumber,
    accept: (value) => {
      const size = typeof value === 'string' ? parseSize(value) : value
      return Number.isSafeInteger(size) && (size as number) >= min ? { value: size as number } : null
    },
    show: showSize,
  }
}

function parseSize(text: string): number | null {
  const [, count, unit] = /^(\d{1,15}) ?([KMGT]i?B|B)$/.exec(text) ?? []
  const factor = unitsByName.get(unit ?? '')
  return factor === undefined ? null : Number(count) * factor
}

function showSize(size: number): string {
  for (const [unit, factor] of [...unitsByName].reverse()) {
    if (unit.endsWith('iB') && size >= factor && size % factor === 0) return `${size / factor} ${unit}`
  }
  return `${size} B`
}

/** Up to so many bytes, so many days. */
export interface DaysBySize {
  readonly bytes: number
  readonly days: number
}

const maxClasses = 8

/** `4 KiB: 14; 64 KiB: 7`: ascending sizes up to exactly `largest` bytes; the larger, the shorter, and `mostDays` at most. */
export function daysBySize(largest: number, mostDays: number): Kind<readonly DaysBySize[]> {
  return {
    allowed: `sizes and whole days like "4 KiB: 14; 64 KiB: 7": sizes ascending to ${showSize(largest)}, days from ${mostDays} down to 1`,
    fromText: asIs,
    accept: (value) => {
      const classes =
        typeof value === 'string' && value.length <= 256 ? value.split(';').map(parseDays) : value
      if (!Array.isArray(classes) || classes.length > maxClasses) return null
      const isRight = classes.every((one: unknown, at) => {
        const before: unknown = at === 0 ? { bytes: 0, days: mostDays } : classes[at - 1]
        if (!isDaysBySize(one) || !isDaysBySize(before)) return false
        return one.bytes > before.bytes && one.days >= 1 && one.days <= before.days
      })
      const list = classes as readonly DaysBySize[]
      return isRight && list.at(-1)?.bytes === largest ? { value: list } : null
    },
    show: (value) => value.map(({ bytes: size, days }) => `${showSize(size)}: ${days}`).join('; '),
  }
}

function parseDays(text: string): DaysBySize | null {
  const [, size = '', days = ''] = /^([^:]+):\s*(\d{1,2})$/.exec(text.trim()) ?? []
  const bytes = parseSize(size.trim())
  return bytes === null ? null : { bytes, days: Number(days) }
}

function isDaysBySize(value: unknown): value is DaysBySize {
  if (typeof value !== 'object' || value === null) return false
  const { bytes, days } = value as Readonly<Record<string, unknown>>
  return Number.isSafeInteger(bytes) && Number.isSafeInteger(days)
}

/** `none` in flags and variables, null in the file. */
export function orNone<Value>(kind: Kind<Value>): Kind<Value | null> {
  return {
    allowed: `none, or ${kind.allowed}`,
    fromText: (text) => (text === 'none' ? null : kind.fromText(text)),
    accept: (value) => (value === null ? { value } : kind.accept(value)),
    show: (value) => (value === null ? 'none' : kind.show(value)),
  }
}

/** Of somebody who is responsible; no more is asked of it than that it is one address in one line. */
export const email: Kind<string | null> = {
  allowed: 'null or an address like "ada@hub.example"',
  fromText: asIs,
  accept: (value) =>
    value === null || (typeof value === 'string' && /^[\w.+-]{1,64}@[a-z0-9.-]{1,253}$/i.test(value))
      ? { value }
      : null,
  show: (value) => value ?? 'none',
}

/** Where a certificate authority begins (RFC 8555, 7.1.1). Plain http is for one on this machine, as tests have. */
export const directory: Kind<string> = {
  allowed: 'an address like "https://authority.example/directory"',
  fromText: asIs,
  accept: (value) => {
    if (typeof value !== 'string' || value.length > 512 || !URL.canParse(value)) return null
    const { protocol, hostname, username, href } = new URL(value)
    const isLocal = protocol === 'http:' && hostname === '127.0.0.1'
    return username === '' && (protocol === 'https:' || isLocal) ? { value: href } : null
  },
  show: (value) => value,
}

/** The address at which the world reaches a hub behind a proxy, without a slash at its end. */
export const webAddress: Kind<string | null> = {
  allowed: 'null or an address like "https://hub.example" (http or https, no path, user, query or fragment)',
  fromText: asIs,
  accept: (value) => {
    if (value === null) return { value }
    if (typeof value !== 'string' || value.length > 256 || !URL.canParse(value)) return null
    const url = new URL(value)
    const bare = url.href === `${url.origin}/` && !value.endsWith('?') && !value.endsWith('#')
    return bare && /^https?:$/.test(url.protocol) ? { value: url.origin } : null
  },
  show: (value) => value ?? 'none',
}

/** Of a program in a browser: a path may stand behind the host. */
export const appAddress: Kind<string | null> = {
  allowed:
    'null or an address like "https://app.example/effigy/" (http or https, no user, query or fragment)',
  fromText: (text) => (text === 'none' ? null : text),
  accept: (value) => {
    if (value === null) return { value }
    const url = typeof value === 'string' && value.length <= 256 ? URL.parse(value) : null
    if (url === null || !/^https?:$/.test(url.protocol)) return null
    return url.username === '' && url.password === '' && !/[?#]/.test(url.href) ? { value: url.href } : null
  },
  show: (value) => value ?? 'none',
}

/** A line for people, or none. */
export function optionalText(maxLength: number): Kind<string | null> {
  const line = text(1, maxLength)
  return {
    allowed: `null or ${line.allowed}`,
    fromText: (given) => (given === 'none' ? null : given),
    accept: (value) => (value === null ? { value } : line.accept(value)),
    show: (value) => value ?? 'none',
  }
}

/** People are few in a list that is kept by hand. */
const maxListedMembers = 10_000

export const members: Kind<'anyone' | readonly Identity[]> = {
  allowed: '"anyone", or a list of identities (did:key:z6Mk…; between commas in flags and variables)',
  fromText: (text) => (text === 'anyone' ? text : text.split(',').map((name) => name.trim())),
  accept: (value) => {
    if (value === 'anyone') return { value }
    if (!Array.isArray(value) || value.length > maxListedMembers) return null
    const identities = value.map((name) => (typeof name === 'string' ? parseIdentity(name) : null))
    return identities.every((identity) => identity !== null) ? { value: [...new Set(identities)] } : null
  },
  show: (value) => (value === 'anyone' ? value : value.join(', ')),
}

/** A hub, by where it listens and who must answer there. */
export interface HubToFollow {
  readonly url: string
  readonly identity: Identity
}

/** Each is a connection that is kept. */
const maxFollowedHubs = 16

export const hubsToFollow: Kind<readonly HubToFollow[]> = {
  allowed: `a list of at most ${maxFollowedHubs} addresses of hubs with their identity (wss://hub.example/effigy/1#did:key:z6Mk…; between commas in flags and variables)`,
  fromText: (text) => text.split(',').map((address) => address.trim()),
  accept: (value) => {
    if (!Array.isArray(value) || value.length > maxFollowedHubs) return null
    const hubs = value.map((text) => (typeof text === 'string' ? hubToFollow(text) : null))
    return hubs.every((hub) => hub !== null) ? { value: hubs } : null
  },
  show: (value) =>
    value.length === 0 ? 'none' : value.map(({ url, identity }) => `${url}#${identity}`).join(', '),
}

function hubToFollow(text: string): HubToFollow | null {
  const parsed = parsePeerAddress(text)
  const { url, expect } = parsed.ok ? parsed.value : { url: '', expect: null }
  // One that is reached through another is none that is always there.
  return expect === null || !/^wss?:[^#]*$/.test(url) ? null : { url, identity: expect }
}

export const secretKey: Kind<Uint8Array | null> = {
  allowed: 'null or 32 bytes in base64url (43 characters)',
  fromText: asIs,
  accept: (value) => {
    if (value === null) return { value }
    const key = typeof value === 'string' && value.length === 43 ? parseBase64url(value) : null
    return key?.length === 32 ? { value: key } : null
  },
  // Never the value: what is shown ends up in bug reports (T22).
  show: (value) => (value === null ? 'none' : '(set, not shown)'),
}
