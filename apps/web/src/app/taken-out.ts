/**
 * Whether a person is to know that this device is none of their account any more.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { AccountView } from '@effigy/peer'
import type { PeerState } from '@effigy/peer/page'

/**
 * `account`: as it told the device `identity` last. Who turns on a lock gets another device: the one before is revoked
 * as long as it stays to tell its hubs, and what was told of it stands for a moment when the next one is there. While the
 * account is disputed, nobody took a frozen device out, whatever one side says (Y14): it may be the only one that has
 * what it wrote.
 */
export function isTakenOut(
  state: PeerState,
  identity: Identity,
  account: Pick<AccountView, 'role' | 'disputed'> | null,
): boolean {
  if (state.type !== 'open' || state.isRenewing === true || state.identity !== identity) return false
  return account?.role === 'revoked' || (account?.role === 'frozen' && !account.disputed)
}
