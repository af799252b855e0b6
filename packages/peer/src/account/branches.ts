/**
 * The branches of the key in power that nobody tells apart, and whom all of them take out (spec Y5, Y14).
 *
 *     states above the common beginning ─▶ a device that some revoke, and not all: a move may keep what it wrote
 *
 * @module
 */
import type { Authority, Identity, Synod } from '@effigy/core'
import type { Store } from '@effigy/store'

/** The states that are disputed; none while the feed is not. */
export function contestedOf(authority: Authority, { synods }: Pick<Store, 'synods'>): readonly Synod[] {
  const { root, identity, current, disputed, states } = authority
  if (!disputed) return []
  const proven = synods?.states(root) ?? []
  return proven.flatMap(({ identity: key, length, cid, state }) =>
    key === identity && length > (current?.length ?? 0) && states.get(cid) === 'undecided' ? [state] : [],
  )
}

/** Whether some branches alone say that it is out: one thief may have written them. */
export function isDoubted(authority: Authority, store: Pick<Store, 'synods'>, device: Identity): boolean {
  const isRevoked = ({ revoked }: Synod): boolean => revoked.some(([gone]) => gone === device)
  const contested = contestedOf(authority, store)
  const { current } = authority
  const isOutBefore = current !== null && isRevoked(current.state)
  return !isOutBefore && contested.some(isRevoked) && !contested.every(isRevoked)
}
