/**
 * What single people may have, where that differs from the settings.
 *
 *     records `quotas` ─of(member)▶ { feeds, bytes, blobBytes, fileBytes, followedEntries }, null where the settings count
 *
 * @module
 */
import { type Identity, parseIdentity, parseRoot } from '@effigy/core'
import type { Log } from '@effigy/sync'
import { bytes, countOrAll, integer } from '../config/kinds.ts'
import type { HubStore } from '../ports/hub-store.ts'
import { recordOf } from '../ports/record-json.ts'
import { openMirror } from './mirror.ts'
import { type KnownAccounts, type PersonName, personOf } from './persons.ts'

/** Null: what the settings say. */
export interface Quota {
  /** As `feedsPerMember`. */
  readonly feeds: number | null
  /** As `bytesPerMember`. */
  readonly bytes: number | null
  /** As `maxBlobBytes`: larger files of theirs are not kept. */
  readonly blobBytes: number | null
  /** As `fileBytesPerMember`. */
  readonly fileBytes: number | null
  /** As `followedEntries`. */
  readonly followedEntries: number | 'all' | null
}

/** What may be given. */
export const quotaKinds = {
  feeds: integer(1, 100_000),
  bytes: bytes(0),
  blobBytes: bytes(0),
  fileBytes: bytes(0),
  followedEntries: countOrAll(16, 2 ** 31),
} as const

export interface GivenQuota extends Quota {
  readonly who: PersonName
}

export interface Quotas {
  readonly list: readonly GivenQuota[]
  /** For everybody the settings count. */
  readonly isEmpty: boolean
  /** Of a device: its own, else its person's. */
  of(identity: Identity): Quota | null
  /** False: there are too many. */
  set(quota: GivenQuota): Promise<boolean>
  /** False: there was none. */
  clear(who: PersonName): Promise<boolean>
}

export interface QuotasDeps {
  readonly records: HubStore
  /** Null while it is not open. */
  readonly store: () => KnownAccounts | null
  readonly log: Log
  readonly onChange: () => void
  readonly signal: AbortSignal
}

/** All are kept at hand. */
const maxQuotas = 100_000

export async function openQuotas({ records, store, log, onChange, signal }: QuotasDeps): Promise<Quotas> {
  const bucket = records.bucket('quotas')
  const quotas = await openMirror<GivenQuota>({ bucket, parse, name: 'quotas', log, onChange, signal })
  return {
    get list() {
      return Array.from(quotas.entries(), ([, quota]) => quota)
    },
    get isEmpty() {
      return quotas.size === 0
    },
    of(identity) {
      if (quotas.size === 0) return null
      return quotas.get(identity) ?? quotas.get(personOf(store() ?? { synods: undefined }, identity))
    },
    async set(quota) {
      if (quotas.get(quota.who) === null && quotas.size >= maxQuotas) return false
      return (await quotas.put(quota.who, quota)).ok
    },
    clear: quotas.delete,
  }
}

function parse(value: unknown, key: string): GivenQuota | null {
  const record = recordOf(value)
  const who = parseIdentity(key) ?? parseRoot(key)
  const read = (name: Exclude<keyof Quota, 'followedEntries'>): number | null => {
    const found = record[name]
    return Number.isSafeInteger(found) && (found as number) >= 0 ? (found as number) : null
  }
  return who === null
    ? null
    : {
        who,
        feeds: read('feeds'),
        bytes: read('bytes'),
        blobBytes: read('blobBytes'),
        fileBytes: read('fileBytes'),
        followedEntries: quotaKinds.followedEntries.accept(record.followedEntries)?.value ?? null,
      }
}
