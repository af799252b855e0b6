/**
 * Whether followers see what those whom they follow have written: entries, order, erasures, files.
 *
 * @module
 */
import type { Cid } from '@effigy/core'
import type { Item } from '@effigy/store'
import type { Person } from '../world.ts'

/** What differs, in words; null when all agree. Looks at the cheapest first. */
export function difference(people: readonly Person[]): string | null {
  for (const reader of people) {
    for (const writer of people) {
      if (reader === writer) continue
      const found = pairDifference(reader, writer)
      if (found !== null) return `${reader.name} reading ${writer.name}: ${found}`
    }
  }
  return null
}

function pairDifference(reader: Person, writer: Person): string | null {
  const self = reader.peer.identity
  const { identity } = writer.peer
  if (!reader.peer.query.relations(self, 'follow').includes(identity)) return null
  const theirs = reader.peer.store.feed(identity)
  const own = writer.peer.store.feed(identity)
  if (own?.record == null) return theirs?.record == null ? null : 'a head of nothing'
  if (theirs?.broken != null) return `broken: ${theirs.broken.code}`
  if (theirs?.disputedAbove != null) return 'disputed'
  if (theirs?.record?.head.head !== own.record.head.head) return 'another head'
  if (theirs.heldCount !== own.record.head.length)
    return `${theirs.heldCount} of ${own.record.head.length} entries`
  const itemDifference = firstDifference(
    allItems((after) => reader.peer.query.feedItems(identity, { limit: 200, after })),
    allItems((after) => writer.peer.query.feedItems(identity, { limit: 200, after })),
  )
  if (itemDifference !== null) return itemDifference
  const identities = [identity]
  const timelines = [reader, writer].map(({ peer }) =>
    allItems((after) => peer.query.timeline({ limit: 200, after, identities, comments: true }))
      .map(textOf)
      // Ties of time are broken by when each has seen them first.
      .sort(),
  )
  if (timelines[0]?.join() !== timelines[1]?.join()) return 'another timeline'
  for (const root of linkedRoots(writer)) {
    const state = reader.peer.store.blobState(root).type
    if (state !== 'complete') return `the file ${root} is ${state}`
  }
  return null
}

function allItems(
  page: (after: never) => { readonly items: readonly Item[]; readonly next: unknown },
): readonly Item[] {
  const items: Item[] = []
  let after: unknown = null
  do {
    const { items: more, next } = page(after as never)
    items.push(...more)
    after = next
  } while (after !== null)
  return items
}

function firstDifference(a: readonly Item[], b: readonly Item[]): string | null {
  if (a.length !== b.length) return `${a.length} of ${b.length} items`
  for (const [index, item] of a.entries()) {
    const other = b[index]
    if (other === undefined || textOf(item) !== textOf(other))
      return `${textOf(item)} instead of ${other && textOf(other)}`
  }
  return null
}

const textOf = ({ cid, content, length, state }: Item): string =>
  JSON.stringify([cid, content, length, state])

/** Files of entries that are still shown. */
function linkedRoots({ peer }: Person): readonly Cid[] {
  const roots: Cid[] = []
  for (const { signed, content } of peer.store.chain(peer.identity)) {
    if (peer.query.resolve(peer.identity, content)?.state.type !== 'shown') continue
    for (const [root] of signed.entry.links) if (root !== signed.entry.payload) roots.push(root)
  }
  return roots
}
