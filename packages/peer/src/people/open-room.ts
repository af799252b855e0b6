/**
 * What is here of whom, and the room of somebody's older files, given back and filled again (spec B20).
 *
 *     their notes, newest first ─┬▶ the newest that have files: theirs stay
 *                                └▶ older ones ─▶ roots that nobody else needs ─▶ let go ─▶ wanted back
 *
 * @module
 */
import { accountKey, type Cid, EffigyError, type Identity } from '@effigy/core'
import type { Cursor, Store } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import { rest } from '../rest.ts'
import type { Cards } from './cards.ts'
import type { Near } from './near.ts'
import type { OlderFiles, PeerPeople } from './people.ts'
import { peopleStorage } from './storage.ts'

export interface RoomPorts {
  readonly store: Store
  readonly cards: Cards
  readonly near: Near
  readonly clock: Pick<Clock, 'after'>
  readonly refresh: (identities: readonly Identity[]) => void
  /** Gives room back to the disk. */
  readonly sweep: () => void
  readonly signal: AbortSignal
}

interface NoteFiles {
  readonly sort: number
  readonly roots: readonly Cid[]
}

/** What stands in timelines and may be read by whoever has it: others have its files too. Messages are of few. */
const types: ReadonlySet<string> = new Set(['public_note', 'image', 'media', 'collection'])

/** Entries that are looked at before others have their turn: some 15 ms. */
const itemsAtOnce = 500

/** Bytes that go before others have their turn. */
const bytesAtOnce: number = 32 * 1024 * 1024

export function openRoom(
  ports: RoomPorts,
): Pick<PeerPeople, 'storage' | 'olderFiles' | 'letGoOlder' | 'wantOlder' | 'freeUnheld'> {
  const { store, clock, refresh, sweep, signal } = ports
  return {
    storage: async (limit) => peopleStorage(ports, limit),
    olderFiles: async (identity, newest) => (await findOlder(ports, identity, newest)).told,
    async letGoOlder(identity, newest) {
      const { told, roots } = await findOlder(ports, identity, newest)
      store.letGo?.(roots)
      sweep()
      return told
    },
    async wantOlder(identity) {
      const feeds = feedsOf(ports, identity)
      for (const { roots } of await notesOf(ports, feeds)) store.wantBack?.(roots)
      refresh(feeds)
    },
    async freeUnheld() {
      let total = 0
      for (;;) {
        const freed = store.evict(bytesAtOnce)
        total += freed
        if (freed === 0) break
        await rest(clock, 1, signal)
      }
      sweep()
      return total
    },
  }
}

async function findOlder(
  ports: RoomPorts,
  identity: Identity,
  newest: number,
): Promise<{ readonly told: OlderFiles; readonly roots: readonly Cid[] }> {
  const { store, cards, near } = ports
  if (near.isSelf(cards.of(identity).person)) {
    throw new EffigyError('own-identity', 'This is you: what you wrote stays. Choose somebody else.')
  }
  const feeds = feedsOf(ports, identity)
  // What was promised to be kept is held by its feed as well.
  const free = feeds.filter((feed) => (store.leases?.get(feed) ?? null) === null)
  const holders = new Set(free.map((feed) => `feed:${feed}`))
  const notes = await notesOf(ports, feeds)
  const kept = new Set(notes.slice(0, newest).flatMap(({ roots }) => roots))
  const roots = new Map<Cid, number>()
  let older = 0
  for (const note of notes.slice(newest)) {
    const before = roots.size
    for (const root of note.roots) {
      if (kept.has(root) || roots.has(root)) continue
      const state = store.blobState(root)
      if (state.type !== 'complete' || !store.holders(root).every((name) => holders.has(name))) continue
      roots.set(root, state.bytes)
    }
    if (roots.size > before) older++
  }
  const bytes = [...roots.values()].reduce((sum, each) => sum + each, 0)
  return { told: { notes: older, bytes }, roots: [...roots.keys()] }
}

/** Of all devices of that person. */
function feedsOf({ store, cards }: RoomPorts, identity: Identity): readonly Identity[] {
  const key = accountKey(cards.of(identity).person)
  return Array.from(store.feeds()).flatMap((feed) =>
    accountKey(cards.of(feed.identity).person) === key ? [feed.identity] : [],
  )
}

/** Those with files, newest first. */
async function notesOf(
  { store, clock, signal }: RoomPorts,
  feeds: readonly Identity[],
): Promise<readonly NoteFiles[]> {
  const notes: NoteFiles[] = []
  for (const feed of feeds) {
    let after: Cursor | null = null
    do {
      const page = store.feedItems(feed, { limit: itemsAtOnce, after })
      for (const { cid, sort, content, state } of page.items) {
        if (state.type !== 'shown' || !types.has(state.payload.type)) continue
        const links = store.entry(cid)?.signed.entry.links ?? []
        const roots = links.flatMap(([root]) => (root === content ? [] : [root]))
        if (roots.length > 0) notes.push({ sort, roots })
      }
      after = page.next
      await rest(clock, 1, signal)
    } while (after !== null)
  }
  return notes.sort((a, b) => b.sort - a.sort)
}
