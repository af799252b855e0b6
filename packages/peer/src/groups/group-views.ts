/**
 * What people see of groups: lists, members, who can read, messages (spec Q10, Q16).
 *
 * @module
 */
import type { Account, GroupState, Identity, Person } from '@effigy/core'
import { keyToWrite } from '@effigy/core'
import type { GroupTexts, Store } from '@effigy/store'
import type { GroupReaders } from './group-readers.ts'
import type { GroupMessage, GroupReaderView, GroupView, PeerGroups } from './groups.ts'
import { type KnownGroup, type KnownGroups, shown, standing } from './known-groups.ts'

export interface GroupViewPorts {
  readonly store: Pick<Store, 'resolve'>
  readonly texts: GroupTexts
  readonly groups: KnownGroups
  readonly readers: GroupReaders
  readonly self: Identity
  /** Throws 'group-unknown'. */
  readonly known: (id: string) => KnownGroup
}

export function readGroups({
  store,
  texts,
  groups,
  readers,
  known,
}: GroupViewPorts): Pick<PeerGroups, 'list' | 'show' | 'readers' | 'counts' | 'messages'> {
  function viewOf(id: string): GroupView | null {
    const found = groups.of(id)
    const state = found?.group.now ?? null
    if (found === null || state === null || !found.group.named.has(found.me)) return null
    const { me } = found
    return {
      id,
      ...state.settings,
      role: state.members.get(me)?.role ?? 'former',
      members: [...state.members.values()].map(({ person, account, role, isHeir }) => ({
        ...account,
        ...{ role, isHeir },
        isSelf: person === me,
      })),
      waiting: [...found.group.verdicts.values()].filter((verdict) => verdict === 'waits').length,
    }
  }

  function readersOf(id: string): readonly GroupReaderView[] {
    const { group, keys, me } = known(id)
    const state: GroupState | null = group.at(group.heads)
    if (state === null || !state.members.has(me)) return []
    const account = (person: Person): Account => state.members.get(person)?.account as Account
    const printsOf = (person: Person) => readers.printsOf(account(person))
    const key = keyToWrite(keys.keys, state, printsOf)
    return [...state.members.keys()].map((person) => {
      const prints = printsOf(person)
      const hasKey = prints?.now.every((print) => key?.prints.has(print)) === true
      return {
        ...account(person),
        isSelf: person === me,
        devices: readers.devicesOf(account(person)),
        hasKey,
      }
    })
  }

  return {
    list: () => groups.ids().flatMap((id) => viewOf(id) ?? []),
    show: viewOf,
    readers: readersOf,
    counts(id, identity, content) {
      const text = texts.find({ conversation: id, kind: 'message', identity, content })
      const key = groups.of(id)?.keys.keys.find(({ hash }) => hash === text?.key)
      return key?.persons.has(groups.personOf({ identity, root: null })) === true
    },
    messages(id, { limit = 50, below = null } = {}) {
      const { group, keys } = known(id)
      // Who holds a key may write under it; a key that nobody may have given opens nothing that counts (T28).
      const holders = new Map(keys.keys.map(({ hash, persons }) => [hash, persons]))
      const found: GroupMessage[] = []
      let place = below
      while (found.length < limit) {
        const page = texts.messages(id, { limit, below: place })
        for (const text of page) {
          const author = groups.personOf({ identity: text.identity, root: null })
          const item = holders.get(text.key)?.has(author) === true ? standing(store, text) : null
          const payload = item === null ? null : shown(item)
          if (item === null || payload === null || found.length === limit) continue
          const { cid, content, identity, comparable } = item
          const isFormer = group.now?.members.has(author) !== true
          found.push({ cid, content, identity, comparable, payload, isFormer, sort: text.sort, id: text.id })
        }
        place = page.at(-1) ?? null
        if (place === null || page.length < limit) break
      }
      return found
    },
  }
}
