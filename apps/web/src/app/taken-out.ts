/**
 * Whether a person is to know that this device is none of their account any more.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { PeerState } from '@effigy/peer/page'

/**
 * `role`: of the device `identity`, as its account told last. Who turns on a lock gets another device: the one before is
 * revoked as long as it stays to tell its hubs, and what was told of it stands for a moment when the next one is there.
 */
export function isTakenOut(state: PeerState, identity: Identity, role: string | undefined): boolean {
  if (state.type !== 'open' || state.isRenewing === true || state.identity !== identity) return false
  return role === 'revoked' || role === 'frozen'
}
