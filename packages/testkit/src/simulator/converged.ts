/**
 * Whether everybody knows what they should: heads, entries, timelines, threads, files.
 *
 *     reader follows writer ─▶ same head, same entries, same items, same files
 *
 * @module
 */
import type { Cid, Identity } from '@effigy/core'
import type { Item, Page, Store, WatchPolicy } from '@effigy/store'

/** One who writes, and may read. */
export interface Participant {
  readonly name: string
  readonly identity: Identity
  readonly store: Store
}

export interface Difference {
  readonly invariant: string
  readonly reader: string
  readonly writer: string
  readonly what: string
}

/** Whom `reader` follows, those left out whom it blocks. */
export function isFollowed(reader: Participant, writer: Participant): boolean {
  if (reader === writer) return false
  const { store, identity } = reader
  return (
    store.relations(identity, 'follow').includes(writer.identity) &&
    !store.relations(identity, 'block').includes(writer.identity)
  )
}

/** What keeps a reader from being up to date with a writer; null when nothing does. The cheapest is looked at first. */
export function pairDifference(
  reader: Participant,
  writer: Participant,
  isSomewhere: (root: Cid) => boolean,
): Difference | null {
  const found = (invariant: string, what: string): Difference => ({
    invariant,
    reader: reader.name,
    writer: writer.name,
    what,
  })
  const theirs = reader.store.feed(writer.identity)
  const own = writer.store.feed(writer.identity)
  if (own?.record == null)
    return theirs?.record == null ? null : found('converged heads', 'a head of nothing')
  if (theirs?.watched !== true) return found('converged heads', 'not watched')
  if (theirs.broken !== null)
    return found('converged heads', `broken at ${theirs.broken.length}: ${theirs.broken.code}`)
  if (theirs.disputedAbove !== null) return found('no honest fork', `disputed above ${theirs.disputedAbove}`)
  const ownHead = own.record.head
  const theirHead = theirs.record?.head
  if (theirHead?.head !== ownHead.head || theirHead.epoch !== ownHead.epoch) {
    const known = theirHead === undefined ? 'none' : `${theirHead.epoch}/${theirHead.length}`
    return found('converged heads', `head ${known} instead of ${ownHead.epoch}/${ownHead.length}`)
  }
  const { depth } = theirs.policy
  if (
    reader.store.need(writer.identity) !== null ||
    (depth.type === 'all' && theirs.heldCount !== ownHead.length)
  ) {
    const runs = theirs.runs.map(({ first, last }) => `${first}-${last}`).join(' ')
    const need = reader.store.need(writer.identity)
    const asks = need === null ? 'wants nothing' : `wants ${need.limit ?? 'all'} from ${need.fromLength}`
    return found('converged entries', `${theirs.heldCount} of ${ownHead.length} entries (${runs}), ${asks}`)
  }
  const file = missingFile(reader, writer, theirs.policy.blobs, isSomewhere)
  if (file !== null) return found('complete blobs', file)
  if (depth.type !== 'all') return null
  const items = allItems((after) => reader.store.feedItems(writer.identity, { limit: 200, after }))
  const ownItems = allItems((after) => writer.store.feedItems(writer.identity, { limit: 200, after }))
  const item = firstDifference(items, ownItems)
  if (item !== null) return found('equal timelines', item)
  // Whom one blocks is hidden, with what is said about them: then people see different things, as they wish.
  if ([reader, writer].some(({ store, identity }) => store.relations(identity, 'block').length > 0))
    return null
  const identities = [writer.identity]
  const timelines = [reader, writer].map(({ store }) =>
    allItems((after) => store.timeline({ limit: 200, after, identities, comments: true })).toSorted(
      // Ties of time are broken by when each has seen them first.
      (a, b) => a.length - b.length,
    ),
  )
  const shown = firstDifference(timelines[0] ?? [], timelines[1] ?? [])
  if (shown !== null) return found('equal timelines', `in the timeline ${shown}`)
  const comment = missingComment(reader, writer, items)
  return comment === null ? null : found('equal threads', comment)
}

/** The comments of one writer hang where they hang at their author's. */
function missingComment(reader: Participant, writer: Participant, items: readonly Item[]): string | null {
  for (const { state } of items) {
    if (state.type !== 'shown' || state.payload.type !== 'comment') continue
    const { target } = state.payload as unknown as {
      target: { identity: Identity; content: Item['content'] }
    }
    // An edit moves a thread: only who knows as much of what was answered sees the same.
    const [known, own] = [reader, writer].map(({ store }) => stateOf(store, target.identity))
    if (known === null || known !== own) continue
    const [read, written] = [reader, writer].map(({ store }) =>
      allItems((after) => store.thread(target.identity, target.content, { limit: 200, after }))
        .filter(({ identity }) => identity === writer.identity)
        .map(textOf)
        .sort()
        .join(),
    )
    if (read !== written) return `another thread below ${target.content.slice(-8)}`
  }
  return null
}

/** How far somebody knows a feed: its head, when all below it is here; else null. */
function stateOf(store: Store, identity: Identity): string | null {
  const feed = store.feed(identity)
  if (feed?.record == null || feed.disputedAbove !== null) return null
  const { epoch, length, head } = feed.record.head
  return feed.heldCount === length ? `${epoch} ${head}` : null
}

/** A file of a shown entry that the policy wants, and somebody honest has. */
function missingFile(
  reader: Participant,
  writer: Participant,
  policy: WatchPolicy['blobs'],
  isSomewhere: (root: Cid) => boolean,
): string | null {
  if (policy.type === 'none') return null
  for (const { signed, content } of reader.store.chain(writer.identity)) {
    const links = signed.entry.links.filter(([root]) => root !== signed.entry.payload)
    if (links.length === 0 || reader.store.resolve(writer.identity, content)?.state.type !== 'shown') continue
    for (const [root, size] of links) {
      if (policy.type === 'up-to' && size > policy.bytes) continue
      const { type } = reader.store.blobState(root)
      if (type !== 'complete' && isSomewhere(root)) return `the file ${root.slice(-8)} is ${type}`
    }
  }
  return null
}

function allItems(page: (after: Page<Item>['next']) => Page<Item>): readonly Item[] {
  const items: Item[] = []
  let after: Page<Item>['next'] = null
  do {
    const { items: more, next } = page(after)
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
      return `item ${item.length} is another one (${item.state.type})`
  }
  return null
}

const textOf = ({ cid, content, length, state }: Item): string =>
  // Private payloads are open to their author alone.
  JSON.stringify([cid, content, length, isPrivate(state) ? null : state])

const isPrivate = (state: Item['state']): boolean =>
  state.type === 'encrypted' || (state.type === 'shown' && state.payload.type === 'block')
