/**
 * `/.well-known/effigy`: what somebody wants to know before joining, for programs.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { maxFrameBytes, maxListedIds } from '@effigy/sync'
import { hubAddress, socketPath } from './address.ts'
import type { HubConfig } from './config/options.ts'

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
  /** Bytes unless the name says otherwise. */
  readonly limits: {
    readonly frame: number
    readonly idsPerMessage: number
    readonly members: number
    readonly feedsPerMember: number
    readonly bytesPerMember: number
    readonly blob: number
    readonly connectionsPerAddress: number
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
    services: ['headtracking', 'blobs'],
    members: config.members === 'anyone' ? 'anyone' : 'listed',
    limits: {
      frame: maxFrameBytes,
      idsPerMessage: maxListedIds,
      members: config.maxMembers,
      feedsPerMember: config.feedsPerMember,
      bytesPerMember: config.bytesPerMember,
      blob: config.maxBlobBytes,
      connectionsPerAddress: config.maxPerAddress,
    },
  }
}
