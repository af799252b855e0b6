/**
 * Who has a session with the hub, and who signals through it (spec V64, V65).
 *
 *     `privacy`, `room`, members ─▶ mayEnter │ SignallingOptions ─▶ peer
 *
 * `open`: anybody does both. `community`: anybody has a session and reads what is public; members signal, with each other.
 * `restricted`: members alone have a session. Who has a session and is no member is a guest: nothing is kept for them.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { HubPrivacy, SignallingOptions } from '@effigy/peer'
import type { HubConfig } from './config/options.ts'
import type { RelayQuota } from './relay-quota.ts'

type PrivacyConfig = Pick<HubConfig, 'privacy' | 'members' | 'room'>

export interface PrivacyPorts {
  /** Of the hub. */
  readonly self: () => Identity | null
  readonly isMember: (identity: Identity) => boolean
  /** Whoever can make as many names as they like, no member among them. */
  readonly isNewcomer: (identity: Identity) => boolean
  /** Makes a member of whoever may be one; false for others. */
  readonly admit: (identity: Identity) => boolean
  readonly carries: RelayQuota
}

export interface Privacy {
  /** Called once for each session, when both sides are authenticated. */
  mayEnter(identity: Identity): boolean
  readonly signalling: SignallingOptions
}

/** Where nothing else is said, a list of members means that nobody else comes in. */
export function privacyOf({ privacy, members }: PrivacyConfig): HubPrivacy {
  return privacy ?? (members === 'anyone' ? 'open' : 'restricted')
}

export function createPrivacy(config: PrivacyConfig, ports: PrivacyPorts): Privacy {
  const { self, isMember, isNewcomer, admit, carries } = ports
  const privacy = privacyOf(config)

  return {
    mayEnter: (identity) => admit(identity) || (privacy !== 'restricted' && identity !== self()),
    signalling: {
      privacy,
      ...(config.room ? { room: isMember } : {}),
      isFor: (identity) => privacy === 'open' || isMember(identity),
      // Guests and newcomers come under any number of names: all of them have what one member has.
      carries: (opener, bytes) => carries(isNewcomer(opener) ? strangers(self()) : opener, bytes),
    },
  }
}

/** The hub opens no circuits, so its name stands for those who have none here. */
function strangers(self: Identity | null): Identity {
  if (self === null) throw new Error('nobody is connected before the hub is open')
  return self
}
