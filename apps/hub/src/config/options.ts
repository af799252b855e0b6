/**
 * Every setting of the hub: its kind, its default, what it is for. The command line,
 * the variables, the file and the help are all made from this table.
 *
 *     maxMembers ─▶ --max-members, EFFIGY_MAX_MEMBERS, "maxMembers"
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { HubPrivacy } from '@effigy/peer'
import { type JoiningSettings, joiningOptions } from '../joining/options.ts'
import { type TurnSettings, turnOptions } from '../turn/options.ts'
import type { HubToFollow } from './kinds.ts'
import * as kind from './kinds.ts'

export interface HubConfig extends TurnSettings, JoiningSettings {
  readonly home: string
  readonly host: string
  readonly port: number
  readonly name: string
  /** Origin without a slash at its end. */
  readonly publicUrl: string | null
  readonly members: 'anyone' | readonly Identity[]
  /** Null: `open`, or `restricted` where `members` is a list. */
  readonly privacy: HubPrivacy | null
  readonly room: boolean
  readonly maxMembers: number
  readonly feedsPerMember: number
  /** The newest entries of each feed that is not the member's own. */
  readonly followedEntries: number | 'all'
  readonly follows: readonly HubToFollow[]
  readonly bytesPerMember: number
  readonly fileBytesPerMember: number
  readonly entryBytes: number
  readonly blobBytes: number
  readonly maxBlobBytes: number
  readonly relayBytes: number
  readonly dropBox: boolean
  readonly dropCommunity: boolean
  readonly dropsPerMember: number
  readonly dropBytesPerMember: number
  readonly strangerDropsPerMember: number
  readonly strangerDropBytesPerMember: number
  readonly dropBytes: number
  readonly dropDays: readonly kind.DaysBySize[]
  readonly leases: boolean
  readonly leaseBytesPerMember: number
  readonly leaseBytes: number
  readonly leaseDays: number
  readonly maxConnections: number
  readonly maxPerAddress: number
  /** Bytes; null: what the system allows. */
  readonly maxMemory: number | null
  readonly saveMemory: boolean
  /** Free bytes of the disk below which nothing more is fetched or promised; 0: whatever is free. */
  readonly minFree: number
  /** Own certificate, or one by ACME; `off`: a proxy has it, or nobody. */
  readonly tls: 'off' | 'files' | 'acme'
  readonly tlsCert: string | null
  readonly tlsKey: string | null
  readonly acmeEmail: string | null
  readonly acmeDirectory: string
  /** Null: 80 with `acme`, else none. */
  readonly httpPort: number | null
  readonly metrics: 'loopback' | 'all' | 'off'
  readonly lan: boolean
  readonly trustProxy: boolean
  /** Folder of the built web app; null: the one that comes with the hub, where it was built; `off`: none. */
  readonly app: string | null
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
    help: 'whose data it keeps: anyone, or a list of identities, each with the devices that its account lists',
  },
  privacy: {
    kind: kind.choiceOrNone('open', 'community', 'restricted'),
    fallback: null,
    help: 'open: anybody connects and signals; community: anybody connects, members signal to each other; restricted: members alone connect, no new ones but invited; none: open, or restricted where members is a list',
  },
  room: {
    kind: kind.flag,
    fallback: false,
    help: 'members who wish it see all others who do, and reach them',
  },
  maxMembers: {
    kind: kind.integer(1, 1_000_000),
    fallback: 1_000,
    help: 'devices at most: each of a person counts',
  },
  feedsPerMember: {
    kind: kind.integer(1, 100_000),
    fallback: 1_000,
    help: 'feeds it keeps for one person, all their devices and their own included',
  },
  followedEntries: {
    kind: kind.countOrAll(16, 2 ** 31),
    fallback: 'all',
    help: 'so many of the newest entries of each feed that a member follows; feeds of members are kept whole',
  },
  follows: {
    kind: kind.hubsToFollow,
    fallback: [],
    help: 'addresses of hubs through which it hears those whom its members watch',
  },
  bytesPerMember: {
    kind: kind.bytes(mebibyte),
    fallback: 256 * mebibyte,
    help: 'entries with their texts that it keeps for one person, all those feeds together',
  },
  fileBytesPerMember: {
    kind: kind.bytes(0),
    fallback: gibibyte,
    help: 'files it keeps for one person, those of all those feeds',
  },
  entryBytes: {
    kind: kind.bytes(mebibyte),
    fallback: 10 * gibibyte,
    help: 'entries with their texts that it keeps for everybody; nothing more is fetched above it',
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
  dropBox: {
    kind: kind.flag,
    fallback: true,
    help: 'keeps what is left for members while they are away',
  },
  dropCommunity: {
    kind: kind.flag,
    fallback: false,
    help: 'also what names no receiver: offered to every member',
  },
  dropsPerMember: {
    kind: kind.integer(1, 100_000),
    fallback: 5_000,
    help: 'drops kept for one person, of those whom they named',
  },
  dropBytesPerMember: {
    kind: kind.bytes(mebibyte),
    fallback: 64 * mebibyte,
    help: 'and their bytes',
  },
  strangerDropsPerMember: {
    kind: kind.integer(0, 100_000),
    fallback: 500,
    help: 'drops kept for one person, of everybody else',
  },
  strangerDropBytesPerMember: {
    kind: kind.bytes(0),
    fallback: 5 * mebibyte,
    help: 'and their bytes',
  },
  dropBytes: {
    kind: kind.bytes(mebibyte),
    fallback: 4 * gibibyte,
    help: 'drops kept for everybody; half of it is for those who were named',
  },
  dropDays: {
    kind: kind.daysBySize(64 * 1024, 14),
    fallback: [
      { bytes: 4 * 1024, days: 14 },
      { bytes: 16 * 1024, days: 10 },
      { bytes: 64 * 1024, days: 7 },
    ],
    help: 'days that a drop is kept, by its size',
  },
  leases: {
    kind: kind.flag,
    fallback: true,
    help: 'promises members to keep their feeds, when they ask',
  },
  leaseBytesPerMember: {
    kind: kind.bytes(mebibyte),
    fallback: gibibyte,
    help: 'reserved for one person: entries and files',
  },
  leaseBytes: {
    kind: kind.bytes(mebibyte),
    fallback: 8 * gibibyte,
    help: 'reserved for everybody; keep it below entryBytes and blobBytes',
  },
  leaseDays: {
    kind: kind.integer(1, 90),
    fallback: 90,
    help: 'days that it promises at most; members renew',
  },
  ...joiningOptions,
  ...turnOptions,
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
  maxMemory: {
    kind: kind.orNone(kind.bytes(256 * mebibyte)),
    fallback: null,
    help: 'memory it may use; near it nobody new is let in; none: what the system allows',
  },
  saveMemory: {
    kind: kind.flag,
    fallback: true,
    help: 'gives memory back when little happens, by a switch of V8 that is meant for its start; false leaves V8 alone',
  },
  minFree: {
    kind: kind.bytes(0),
    fallback: 512 * mebibyte,
    help: 'free bytes of the disk below which nothing more is fetched or promised',
  },
  tls: {
    kind: kind.choice('off', 'files', 'acme'),
    fallback: 'off',
    help: 'https by itself: from files of yours, or a certificate that it gets and renews (acme)',
  },
  tlsCert: {
    kind: kind.path,
    fallback: null,
    help: 'for tls files: the certificate and what it is signed with, PEM; read again when it changes',
  },
  tlsKey: {
    kind: kind.path,
    fallback: null,
    help: 'for tls files: its private key, PEM, readable by the hub alone',
  },
  acmeEmail: {
    kind: kind.email,
    fallback: null,
    help: 'for tls acme: where the authority writes to when something is wrong',
  },
  acmeDirectory: {
    kind: kind.directory,
    fallback: 'https://acme-v02.api.letsencrypt.org/directory',
    help: 'for tls acme: the authority; using it accepts its terms',
  },
  httpPort: {
    kind: kind.orNone(kind.integer(0, 65_535)),
    fallback: null,
    help: 'with tls: a plain port that leads to https and answers the authority; 80 with acme',
  },
  metrics: {
    kind: kind.choice('loopback', 'all', 'off'),
    fallback: 'loopback',
    help: 'who reads /metrics: this machine (not through a proxy), all who reach the hub, or nobody',
  },
  lan: {
    kind: kind.flag,
    fallback: false,
    help: 'tells its own network where it is (mDNS), so that members find it there',
  },
  trustProxy: {
    kind: kind.flag,
    fallback: false,
    help: 'believe X-Forwarded-For and -Proto: only behind a proxy that sets them',
  },
  app: {
    kind: kind.path,
    fallback: null,
    help: 'folder of the built web app that it serves; off: no app; left out: apps/web/dist, where it was built',
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
