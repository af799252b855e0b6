/**
 * What the hub does for its members beyond keeping feeds: a drop box, leases (spec V20-V44).
 *
 *     settings, members ─▶ ServiceOptions ─▶ peer
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { boxOwners, type ServiceOptions } from '@effigy/peer'
import type { Store } from '@effigy/store'
import type { HubConfig } from './config/options.ts'

export interface ServiceSources {
  /** Null while it is not open. */
  readonly store: () => Pick<Store, 'synods'> | null
  readonly isMember: (identity: Identity) => boolean
  /** The disk has little room left: nothing more is taken or promised. */
  readonly isDiskLow: () => boolean
}

const dayMs: number = 24 * 60 * 60 * 1000

/** Who has a session is a member; whose place another one got meanwhile, is none. */
export function memberServices(
  config: HubConfig,
  { store, isMember, isDiskLow }: ServiceSources,
): ServiceOptions {
  const isFor = ({ remote }: { readonly remote: Identity }): boolean => isMember(remote)
  const dropBox = {
    ...boxOwners(store, isMember),
    isCommunity: config.dropCommunity,
    isFor,
    isFull: isDiskLow,
    limits: {
      friends: { items: config.dropsPerMember, bytes: config.dropBytesPerMember },
      strangers: { items: config.strangerDropsPerMember, bytes: config.strangerDropBytesPerMember },
      totalBytes: config.dropBytes,
      keptMs: config.dropDays.map(({ bytes, days }) => ({ bytes, ms: days * dayMs })),
    },
  }
  const leases = {
    isFor,
    isFull: isDiskLow,
    limits: {
      bytesPerOwner: config.leaseBytesPerMember,
      totalBytes: config.leaseBytes,
      longestMs: config.leaseDays * dayMs,
      blobBytes: config.maxBlobBytes,
    },
  }
  return { ...(config.dropBox ? { dropBox } : {}), ...(config.leases ? { leases } : {}) }
}
