/**
 * Whom a stance is about: the account where it is known, else the identity alone (spec P5, Y13).
 *
 *     somebody's device or key ─▶ {identity: key in power, root}      nobody's device ─▶ {identity, root: null}
 *
 * @module
 */
import type { Account, Identity } from '@effigy/core'
import type { RelationKind, Store } from '@effigy/store'

/** Who was revoked or let go stands for itself. */
export function accountTarget({ synods }: Pick<Store, 'synods'>, identity: Identity): Account {
  const root = synods?.accountOf(identity) ?? null
  const authority = root === null ? null : (synods?.account(root) ?? null)
  const type = synods?.standing(identity).type
  const isOf = type === 'member' || type === 'in-power' || type === 'moved'
  return root !== null && authority !== null && isOf
    ? { identity: authority.identity, root }
    : { identity, root: null }
}

/** What has to be said for a stance to hold, or to be over: it may have been taken before the account was known. */
export function targetsOf(
  store: Pick<Store, 'synods' | 'relations' | 'persons' | 'lastSaid'>,
  self: Identity,
  kind: RelationKind,
  other: Identity,
  value: boolean,
): readonly [Account, ...Account[]] {
  const target = accountTarget(store, other)
  if (value || target.root === null) return [target]
  const isRootNamed = store.persons(self, kind).roots.has(target.root)
  const named = store.relations(self, kind).filter((each) => store.synods?.accountOf(each) === target.root)
  const lone = named
    .map((identity): Account => ({ identity, root: null }))
    .filter((each) => store.lastSaid(self, kind, each) > 0)
  const [first, ...more] = isRootNamed ? [target, ...lone] : lone
  return first === undefined ? [target] : [first, ...more]
}
