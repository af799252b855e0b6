/**
 * Every setting of the hub: its kind, its default, what it is for. The command line,
 * the variables, the file and the help are all made from this table.
 *
 *     maxMembers ─▶ --max-members, EFFIGY_MAX_MEMBERS, "maxMembers"
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import * as kind from './kinds.ts'

export interface HubConfig {
  readonly home: string
  readonly host: string
  readonly port: number
  readonly name: string
  /** Origin without a slash at its end. */
  readonly publicUrl: string | null
  readonly members: 'anyone' | readonly Identity[]
  readonly maxMembers: number
  readonly feedsPerMember: number
  readonly bytesPerMember: number
  readonly entryBytes: number
  readonly blobBytes: number
  readonly maxBlobBytes: number
  readonly relayBytes: number
  readonly maxConnections: number
  readonly maxPerAddress: number
  readonly trustProxy: boolean
  readonly networkKey: Uint8Array | null
  /** Null: the vault has no passphrase. */
  readonly passphraseFile: string | null
  readonly logLevel: 'info' | 'warn' | 'off'
}

export type OptionKey = keyof HubConfig

export interface Option<Value> {
  readonly kind: kind.Kind<Value>
  readonly fallback: Value
  readonly help: string
}

const mebibyte: number = 2 ** 20
const gibibyte: number = 2 ** 30

/** `home` has its default from `locateHome`: it depends on whose machine it is. */
export const options: { readonly [Key in OptionKey]: Option<HubConfig[Key]> } = {
  home: {
    kind: kind.text(1, 1024),
    fallback: '',
    help: 'folder of its data: identity, entries, files',
  },
  host: {
    kind: kind.text(1, 255),
    fallback: '127.0.0.1',
    help: 'address to listen at; 0.0.0.0 or :: for all of this machine',
  },
  port: { kind: kind.integer(0, 65_535), fallback: 7337, help: 'port to listen at; 0 takes any free one' },
  name: { kind: kind.text(1, 64), fallback: 'Effigy hub', help: 'shown on its page' },
  publicUrl: {
    kind: kind.webAddress,
    fallback: null,
    help: 'where the world reaches it, when a proxy stands in front',
  },
  members: {
    kind: kind.members,
    fallback: 'anyone',
    help: 'whose data it keeps: anyone, or a list of identities',
  },
  maxMembers: { kind: kind.integer(1, 1_000_000), fallback: 1_000, help: 'people at most' },
  feedsPerMember: {
    kind: kind.integer(1, 100_000),
    fallback: 1_000,
    help: 'feeds it keeps for one member, their own included',
  },
  bytesPerMember: {
    kind: kind.bytes(mebibyte),
    fallback: 256 * mebibyte,
    help: 'entries it keeps for one member, all those feeds together',
  },
  entryBytes: {
    kind: kind.bytes(mebibyte),
    fallback: 10 * gibibyte,
    help: 'entries it keeps for everybody; nothing more is fetched above it',
  },
  blobBytes: {
    kind: kind.bytes(mebibyte),
    fallback: 10 * gibibyte,
    help: 'files it keeps for everybody; those needed least go first',
  },
  maxBlobBytes: {
    kind: kind.bytes(0),
    fallback: 64 * mebibyte,
    help: 'larger files are not kept',
  },
  relayBytes: {
    kind: kind.bytes(0),
    fallback: gibibyte,
    help: 'carried a day for one member to others whom it cannot reach directly; 0 for none',
  },
  maxConnections: {
    kind: kind.integer(1, 100_000),
    fallback: 5_000,
    help: 'open connections at once, of everybody',
  },
  maxPerAddress: {
    kind: kind.integer(1, 100_000),
    fallback: 64,
    help: 'open connections at once from one IPv4 address or IPv6 /64',
  },
  trustProxy: {
    kind: kind.flag,
    fallback: false,
    help: 'believe X-Forwarded-For and -Proto: only behind a proxy that sets them',
  },
  networkKey: {
    kind: kind.secretKey,
    fallback: null,
    help: 'closed network: only those with the same 32 bytes can talk to it',
  },
  passphraseFile: {
    kind: kind.path,
    fallback: null,
    help: 'a file whose first line opens its vault; a first start locks it so',
  },
  logLevel: {
    kind: kind.choice('info', 'warn', 'off'),
    fallback: 'info',
    help: 'what is logged to standard error',
  },
}

export const optionKeys = Object.keys(options) as readonly OptionKey[]

/** `maxMembers` ─▶ `max-members`. */
export function flagOf(key: OptionKey): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** `EFFIGY_HOME` is the folder of all programs; the hub's own stands in it (`locateHome`). */
export function variableOf(key: OptionKey): string {
  return key === 'home' ? 'EFFIGY_HUB_HOME' : `EFFIGY_${flagOf(key).replaceAll('-', '_').toUpperCase()}`
}
