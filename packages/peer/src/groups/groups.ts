/**
 * `peer.groups`: people who write to each other under keys that the members alone have (spec Q).
 *
 *     create, invite, remove, … ─sealed operation▶ own feed ─▶ judged alike by every member
 *     post ─newest readers─▶ key to write under ─▶ own feed, a `box:`
 *
 * @module
 */
import type { Account, GroupSettings, Identity, Payload, RawCid } from '@effigy/core'
import type { MessagePlace } from '@effigy/store'
import type { Published, PublishOptions } from '../peer.ts'

export interface GroupPersonView extends Account {
  readonly role: 'admin' | 'member'
  /** An admin because no other is left. */
  readonly isHeir: boolean
  readonly isSelf: boolean
}

export interface GroupView extends GroupSettings {
  /** 16 bytes, base64url. */
  readonly id: string
  /** `former`: was removed or left; nothing newer is known here, and what is shown is as it was then. */
  readonly role: 'admin' | 'member' | 'former'
  /** The most senior first. */
  readonly members: readonly GroupPersonView[]
  /** Operations that name others which are not here yet. */
  readonly waiting: number
}

/** Somebody who can read what is written now. */
export interface GroupReaderView extends Account {
  readonly isSelf: boolean
  /** Their devices of now; null while nothing is known of them here: they are given the key once it is. */
  readonly devices: readonly Identity[] | null
  /** Whether all of these have the key of now. */
  readonly hasKey: boolean
}

export interface GroupMessage extends MessagePlace {
  readonly cid: RawCid
  readonly content: RawCid
  readonly identity: Identity
  readonly comparable: number
  readonly payload: Payload
  /** Its author is no member any more: it may have been written after that, and be read by others who are none. */
  readonly isFormer: boolean
}

export interface GroupInvite {
  readonly identity: Identity
  /** `member` when omitted. */
  readonly role?: 'admin' | 'member'
}

export interface NewGroup {
  /** A line of 1 to 96 bytes. */
  readonly name: string
  readonly about?: string
  readonly avatar?: GroupSettings['avatar']
  /** Whether newcomers read what was written before; true when omitted. */
  readonly history?: boolean
  readonly members?: readonly GroupInvite[]
}

/**
 * All that change something resolve when it is durable here, and throw `EffigyError`: 'group-unknown', 'group-former' (oneself is
 * no member any more), 'group-admins-only', 'group-senior' (nobody removes or demotes who was an admin before them),
 * 'no-box-key' (nothing is known of somebody's devices), else as `publish` does. Before a key is given to anybody the
 * newest word on the members' devices is asked of all who are connected.
 */
export interface PeerGroups {
  /** Resolves with its id. */
  create(options: NewGroup): Promise<string>
  set(group: string, settings: Partial<GroupSettings>): Promise<void>
  /** They learn of it when they watch one of one's devices. 1 to 64. */
  invite(group: string, members: readonly GroupInvite[]): Promise<void>
  role(group: string, identity: Identity, role: 'admin' | 'member'): Promise<void>
  /** They keep what they had, and get nothing newer. 1 to 64. */
  remove(group: string, identities: readonly Identity[]): Promise<void>
  leave(group: string): Promise<void>
  /** A `private_note`, picture, … that the members of now can read. */
  post(group: string, payload: Payload, options?: PublishOptions): Promise<Published>
  /** Resolves when what is here is opened and judged; true: there is somebody else to listen to now. */
  settled(): Promise<boolean>
  /** Those that one is in, or was. */
  list(): readonly GroupView[]
  show(group: string): GroupView | null
  /** Who can read what is written now; empty when oneself may not write. */
  readers(group: string): readonly GroupReaderView[]
  /** Whether what somebody wrote is a message of the group: sealed under a key that they had as members (T28). */
  counts(group: string, identity: Identity, content: RawCid): boolean
  /** Newest first, `limit` (50) below `below`. Throws 'group-unknown'. */
  messages(
    group: string,
    page?: { readonly limit?: number; readonly below?: MessagePlace | null },
  ): readonly GroupMessage[]
}
