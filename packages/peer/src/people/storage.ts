/**
 * What is here of whom: the room that each person takes.
 *
 *     feeds held ─by person▶ entries, their bytes ─┬▶ those who take most first
 *     files that their entries need, and are here ─┘
 *
 * @module
 */
import { type Account, accountKey, type Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Cards } from './cards.ts'
import type { Near } from './near.ts'
import type { PeopleStorage, PersonStorage } from './people.ts'

export const maxStorageListed = 500

export interface StoragePorts {
  readonly store: Pick<Store, 'feeds' | 'textBytes' | 'fileBytesByFeed' | 'blobUsage'>
  readonly cards: Cards
  readonly near: Near
}

export function peopleStorage({ store, cards, near }: StoragePorts, limit: number): PeopleStorage {
  const files = store.fileBytesByFeed?.() ?? new Map<Identity, number>()
  const taken = new Map<string, { person: Account; entries: number; entryBytes: number; fileBytes: number }>()
  for (const { identity, heldCount, heldBytes } of store.feeds()) {
    const fileBytes = files.get(identity) ?? 0
    if (heldCount === 0 && fileBytes === 0) continue
    const { person } = cards.of(identity)
    const key = accountKey(person)
    const known = taken.get(key) ?? { person, entries: 0, entryBytes: 0, fileBytes: 0 }
    known.entries += heldCount
    known.entryBytes += heldBytes + (store.textBytes?.(identity) ?? 0)
    known.fileBytes += fileBytes
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
