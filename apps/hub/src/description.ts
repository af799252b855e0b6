/**
 * `/.well-known/effigy`: what somebody wants to know before joining, for programs.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { HubPrivacy } from '@effigy/peer'
import { maxFrameBytes, maxListedIds, maxSealedDropBytes } from '@effigy/sync'
import { hubAddress, socketPath } from './address.ts'
import { maxContents, moderationService } from './admin/moderation.ts'
import { reportLimits, reportReasons } from './admin/reports.ts'
import type { HubConfig } from './config/options.ts'
import { privacyOf } from './privacy.ts'

export interface Description {
  readonly software: { readonly name: 'effigy-hub'; readonly version: string }
  /** Versions of the protocol, ascending. */
  readonly protocols: readonly number[]
  readonly name: string
  readonly identity: Identity
  /** Of the WebSocket, on this host and port. */
  readonly path: string
  readonly address: string
  readonly services: readonly string[]
  readonly members: 'anyone' | 'listed'
  /** Who makes invites that let others in; `off`: none are taken. */
  readonly invites: HubConfig['invites']
  /** Whether members have names here (spec W20). */
  readonly aliases: boolean
  /** Who runs it, and what they ask of members; null where they do not say. */
  readonly contact: string | null
  readonly terms: string | null
  /** Who has a session, and who signals through it (spec V65). */
  readonly privacy: HubPrivacy
  /** Whether members may all see each other (spec V64). */
  readonly room: boolean
  /** Bytes unless the name says otherwise. */
  readonly limits: {
    readonly frame: number
    readonly idsPerMessage: number
    readonly members: number
    readonly feedsPerMember: number
    readonly bytesPerMember: number
    readonly fileBytesPerMember: number
    /** Of each feed that a member follows, the newest. */
    readonly followedEntries: number | 'all'
    readonly blob: number
    readonly connectionsPerAddress: number
  }
  /** What is left for members; null: nothing is kept. */
  readonly dropbox: {
    /** Of one drop, sealed. */
    readonly drop: number
    /** For one person: of those whom they named, and of everybody else. */
    readonly named: { readonly drops: number; readonly bytes: number }
    readonly others: { readonly drops: number; readonly bytes: number }
    /** Up to so many bytes, so many days. */
    readonly days: HubConfig['dropDays']
    /** Also what names no receiver. */
    readonly community: boolean
  } | null
  /** What is promised to members; null: nothing is. */
  readonly datalease: {
    readonly bytesPerMember: number
    readonly days: number
    /** Of one file. */
    readonly blob: number
  } | null
  /** What members may do about people and contents (spec V92 to V94). */
  readonly moderation: {
    /** Who answers for it, and what is asked of members: `contact` and `terms` of the hub. */
    readonly contact: string | null
    readonly rules: string | null
    /** What a report may give as its reason. */
    readonly reasons: typeof reportReasons
    /** Of the text of a report, UTF-16 units. */
    readonly text: number
    /** Contents in one question after what was taken down. */
    readonly contents: number
  }
}

export function describeHub(
  config: HubConfig,
  identity: Identity,
  version: string,
  origin: string,
): Description {
  return {
    software: { name: 'effigy-hub', version },
    protocols: [1],
    name: config.name,
    identity,
    path: socketPath,
    address: hubAddress(origin, identity),
    services: [
      'headtracking',
      'blobs',
      ...(config.dropBox ? ['dropbox'] : []),
      ...(config.leases ? ['datalease'] : []),
      'signalling',
      ...(config.relayBytes > 0 ? ['relaying'] : []),
      ...(config.room ? ['room'] : []),
      ...(config.turnUrls.length > 0 ? ['turn'] : []),
      moderationService,
    ],
    members: config.members === 'anyone' ? 'anyone' : 'listed',
    invites: config.invites,
    aliases: config.aliases,
    contact: config.contact,
    terms: config.terms,
    privacy: privacyOf(config),
    room: config.room,
    limits: {
      frame: maxFrameBytes,
      idsPerMessage: maxListedIds,
      members: config.maxMembers,
      feedsPerMember: config.feedsPerMember,
      bytesPerMember: config.bytesPerMember,
      fileBytesPerMember: config.fileBytesPerMember,
      followedEntries: config.followedEntries,
      blob: config.maxBlobBytes,
      connectionsPerAddress: config.maxPerAddress,
    },
    dropbox: config.dropBox
      ? {
          drop: maxSealedDropBytes,
          named: { drops: config.dropsPerMember, bytes: config.dropBytesPerMember },
          others: { drops: config.strangerDropsPerMember, bytes: config.strangerDropBytesPerMember },
          days: config.dropDays,
          community: config.dropCommunity,
        }
      : null,
    datalease: config.leases
      ? { bytesPerMember: config.leaseBytesPerMember, days: config.leaseDays, blob: config.maxBlobBytes }
      : null,
    moderation: {
      contact: config.contact,
      rules: config.terms,
      reasons: reportReasons,
      text: reportLimits.textLength,
      contents: maxContents,
    },
  }
}
