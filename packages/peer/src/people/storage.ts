/**
 * What is here of whom: the room that each person takes.
 *
 *     feeds held ─by person▶ entries, their bytes ─┬▶ those who take most first
 *     files that their entries need, and are here ─┘
 *
 * @module
 */
import { type Account, accountKey } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Cards } from './cards.ts'
import type { Near } from './near.ts'
import type { PeopleStorage, PersonStorage } from './people.ts'

const maxStorageListed = 500

export interface StoragePorts {
  readonly store: Pick<Store, 'feeds' | 'textBytes' | 'filesByFeed' | 'blobUsage'>
  readonly cards: Cards
  readonly near: Near
}

interface Taken {
  readonly person: Account
  entries: number
  entryBytes: number
  fileBytes: number
  isLetGo: boolean
}

const none = { bytes: 0, isLetGo: false }

export function peopleStorage(
  { store, cards, near }: StoragePorts,
  limit: number = maxStorageListed,
): PeopleStorage {
  const files = store.filesByFeed?.()
  const taken = new Map<string, Taken>()
  for (const { identity, heldCount, heldBytes } of store.feeds()) {
    const { bytes, isLetGo } = files?.get(identity) ?? none
    if (heldCount === 0 && bytes === 0) continue
    const { person } = cards.of(identity)
    const key = accountKey(person)
    const known = taken.get(key) ?? { person, entries: 0, entryBytes: 0, fileBytes: 0, isLetGo }
    known.entries += heldCount
    known.entryBytes += heldBytes + (store.textBytes?.(identity) ?? 0)
    known.fileBytes += bytes
    known.isLetGo ||= isLetGo
    taken.set(key, known)
  }
  const all = [...taken.values()]
  all.sort((a, b) => b.entryBytes + b.fileBytes - a.entryBytes - a.fileBytes || a.entries - b.entries)
  const listed = Math.min(Math.max(1, Math.floor(limit)), maxStorageListed)
  return {
    people: all.slice(0, listed).map(({ person, ...room }): PersonStorage => {
      const isSelf = near.isSelf(person)
      return { identity: person.identity, isSelf, isFollowed: near.has('follow', person), ...room }
    }),
    count: all.length,
    entries: all.reduce((total, { entries }) => total + entries, 0),
    entryBytes: all.reduce((total, { entryBytes }) => total + entryBytes, 0),
    files: store.blobUsage(),
  }
}
