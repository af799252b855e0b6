/**
 * The list of those who read the own feed: whom a name stands for, and who is who on it (spec P5, X25).
 *
 * @module
 */
import type { Account, Identity } from '@effigy/core'
import type { Store } from '@effigy/store'

export interface ReaderList {
  /** The list with more people on it, each once. */
  with(list: readonly Account[], more: readonly (Identity | Account)[]): readonly Account[]
  /** Whoever is taken off goes by any name: a device may have come into an account, or into another, since it was shared with. */
  without(list: readonly Account[], gone: readonly (Identity | Account)[]): readonly Account[]
}

export function createReaderList({ synods }: Pick<Store, 'synods'>): ReaderList {
  function accountOf(name: Identity | Account): Account {
    if (typeof name !== 'string') return name
    return { identity: name, root: synods?.accountOf(name) ?? null }
  }

  const isSame = (a: Account, b: Account): boolean =>
    a.root !== null || b.root !== null ? a.root === b.root : a.identity === b.identity

  const rootOf = ({ identity, root }: Account) => root ?? synods?.accountOf(identity) ?? null

  const isSamePerson = (a: Account, b: Account): boolean =>
    a.identity === b.identity || (rootOf(a) !== null && rootOf(a) === rootOf(b))

  return {
    with(list, more) {
      const all = [...list]
      for (const account of more.map(accountOf)) {
        if (!all.some((one) => isSame(one, account))) all.push(account)
      }
      return all
    },
    without(list, gone) {
      const names = gone.map(accountOf)
      return list.filter((account) => !names.some((one) => isSamePerson(one, account)))
    },
  }
}
