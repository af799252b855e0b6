/**
 * Whom a device looks for in its network: the person's other devices, and those of everybody whom the person follows
 * (spec U4). Friends are among them.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import { blockedOf } from '../account/blocked.ts'

/** Compared with each tag that is heard; who is followed for longest comes last. */
export const maxWanted = 4096

export function wantedNeighbours(
  store: Pick<Store, 'follows' | 'persons' | 'synods'>,
  self: Identity,
): ReadonlySet<Identity> {
  const { synods } = store
  const wanted = new Set<Identity>()
  const members = (root: NonNullable<ReturnType<NonNullable<typeof synods>['accountOf']>> | null): void => {
    const standings = root === null ? undefined : synods?.account(root)?.standings
    for (const [identity, { type }] of standings ?? []) if (type === 'member') wanted.add(identity)
  }
  if (synods?.standing(self).type === 'member') members(synods.accountOf(self))
  for (const { identity, root } of store.follows(self, maxWanted)) {
    if (root === null) wanted.add(identity)
    else members(root)
  }
  for (const other of [self, ...blockedOf(store, self).identities]) wanted.delete(other)
  return new Set([...wanted].slice(0, maxWanted))
}
