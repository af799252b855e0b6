/**
 * Whether a person is to know that this device is none of their account any more, and what to do with it.
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
 * what it wrote. `undecided`: it is out, and nobody said yet where its feed ends (Y12), so what it wrote last may be here
 * alone. Null: it is not out.
 */
export function howTakenOut(
  state: PeerState,
  identity: Identity,
  account: Pick<AccountView, 'role' | 'disputed'> | null,
): 'ended' | 'undecided' | null {
  if (state.type !== 'open' || state.isRenewing === true || state.identity !== identity) return null
  if (account?.role === 'revoked') return 'ended'
  return account?.role === 'frozen' && !account.disputed ? 'undecided' : null
}
