/**
 * A list of any length that stays true: pages by cursor, of which those are live that somebody looks at.
 *
 *     segment ─next▶ segment ─next▶ segment ─▶ …       each: after a cursor, one page, live or as it was
 *        └────────────── merged, by key ───────▶ items
 *
 * A page has so many items, so what comes at its head pushes others out at its end. What the next page does not have
 * then is fetched by a page in between, which overlaps with that next one; of an overlap the first counts.
 *
 * @module
 */

import { QueryError } from './answer.ts'

export interface ListPage<Value, Cursor> {
  readonly items: readonly Value[]
  /** Null at the end. */
  readonly next: Cursor | null
}

export interface ListPorts<Value, Cursor> {
  /** The page after a cursor, now and after each change, until the signal. */
  readonly ask: (after: Cursor | null, signal: AbortSignal) => AsyncIterable<ListPage<Value, Cursor>>
  /** What stays the same of an item that changes. */
  readonly keyOf: (item: Value) => string
  /** Called with what is to be shown, when it is something else. */
  readonly show: (list: ListView<Value>) => void
  readonly fail: (error: unknown) => void
  /** Pages that are live at once: the first, and those that were loaded or looked at last. 8 when omitted. */
  readonly livePages?: number
}

export interface ListView<Value> {
  /** Items that did not change are the same objects as before; so is the list when none did. */
  readonly items: readonly Value[]
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
}

export interface PagedList {
  /** Fetches one more page behind the last one; nothing while one is on its way, or at the end. */
  readonly loadMore: () => void
  /** Somebody looks at the item at `index`: its page is live from now on. */
  readonly look: (index: number) => void
}

export const defaultLivePages = 8

interface Segment<Value, Cursor> {
  after: Cursor | null
  /** Null: it has not come yet. */
  page: ListPage<Value, Cursor> | null
  /** What it has stands after another cursor than it does now. */
  isMoving: boolean
  /** Null: as it was. */
  live: AbortController | null
  /** Higher: later. */
  usedAt: number
}

export function openPagedList<Value, Cursor>(
  ports: ListPorts<Value, Cursor>,
  signal: AbortSignal,
): PagedList {
  const { keyOf, livePages = defaultLivePages } = ports
  const segments: Segment<Value, Cursor>[] = []
  const known = new Map<string, { readonly text: string; readonly item: Value }>()
  let uses = 0
  let shown: ListView<Value> | null = null
  /** For each item that is shown, its segment. */
  let places: readonly Segment<Value, Cursor>[] = []

  function insert(at: number, after: Cursor | null): void {
    const segment = { after, page: null, isMoving: false, live: null, usedAt: ++uses }
    segments.splice(at, 0, segment)
    follow(segment)
    keepFew()
  }

  function follow(segment: Segment<Value, Cursor>): void {
    const live = new AbortController()
    segment.live = live
    const until = AbortSignal.any([signal, live.signal])
    const pull = async (): Promise<void> => {
      for await (const page of ports.ask(segment.after, until)) {
        if (until.aborted) return
        arrived(segment, page)
      }
    }
    pull().then(
      () => {
        if (!until.aborted) ports.fail(new QueryError('closed', 'The peer is closed.'))
      },
      (error: unknown) => {
        if (!until.aborted) ports.fail(error)
      },
    )
  }

  function leave(segment: Segment<Value, Cursor>): void {
    segment.live?.abort()
    segment.live = null
  }

  /** A page that is waited for stays live; the others by their last use. */
  function keepFew(): void {
    const live = segments.filter(
      ({ live, page, isMoving }, at) => at > 0 && live !== null && page !== null && !isMoving,
    )
    live.sort((a, b) => b.usedAt - a.usedAt)
    for (const segment of live.slice(livePages - 1)) leave(segment)
  }

  function arrived(segment: Segment<Value, Cursor>, page: ListPage<Value, Cursor>): void {
    segment.page = { items: page.items.map(steady), next: page.next }
    segment.isMoving = false
    const at = segments.indexOf(segment)
    join(at)
    // What was before it may have moved while this one was on its way.
    join(at - 1)
    keepFew()
    show()
  }

  /** Makes sure that nothing is missing between a segment and the next one. */
  function join(at: number): void {
    const page = segments[at]?.page ?? null
    const next = segments[at + 1]
    if (page === null || next === undefined) return
    if (page.next === null) {
      for (const gone of segments.splice(at + 1)) leave(gone)
      return
    }
    if (next.after === page.next || next.page === null) return
    const here = keysOf(page)
    if (next.page.items.length > 0 && next.page.items.every((item) => here.has(keyOf(item)))) {
      // It has nothing of its own left.
      leave(next)
      segments.splice(at + 1, 1)
      join(at)
      return
    }
    if (overlaps(here, next.page)) return
    const behind = segments[at + 2]
    // A page in between still has room, or found nothing where it looked: it moves along with the head, and no further one is needed.
    const isEmpty = next.page.items.length === 0
    if (isEmpty || (behind?.page != null && overlaps(keysOf(next.page), behind.page))) {
      leave(next)
      next.after = page.next
      next.isMoving = true
      follow(next)
    } else insert(at + 1, page.next)
  }

  const keysOf = (page: ListPage<Value, Cursor>): ReadonlySet<string> => new Set(page.items.map(keyOf))

  const overlaps = (keys: ReadonlySet<string>, page: ListPage<Value, Cursor>): boolean =>
    page.items.some((item) => keys.has(keyOf(item)))

  /** The very object that was there before, when it says the same. */
  function steady(item: Value): Value {
    const key = keyOf(item)
    const text = JSON.stringify(item)
    const before = known.get(key)
    if (before?.text === text) return before.item
    known.set(key, { text, item })
    return item
  }

  function show(): void {
    const last = segments.at(-1)
    // Without what is on its way, something would be missing in the middle.
    if (segments.some((segment) => segment.isMoving || (segment.page === null && segment !== last))) return
    const seen = new Set<string>()
    const items: Value[] = []
    const owners: Segment<Value, Cursor>[] = []
    for (const segment of segments) {
      for (const item of segment.page?.items ?? []) {
        const key = keyOf(item)
        if (seen.has(key)) continue
        seen.add(key)
        items.push(item)
        owners.push(segment)
      }
    }
    places = owners
    if (known.size > 2 * (seen.size + 500))
      for (const key of known.keys()) if (!seen.has(key)) known.delete(key)
    const isSame =
      shown !== null &&
      shown.items.length === items.length &&
      shown.items.every((item, at) => item === items[at])
    const isLoadingMore = last?.page === null && segments.length > 1
    const before = segments.findLast(({ page }) => page !== null)?.page ?? null
    const view = {
      items: isSame && shown !== null ? shown.items : items,
      hasMore: before !== null && before.next !== null,
      isLoadingMore,
    }
    if (isSame && shown?.hasMore === view.hasMore && shown.isLoadingMore === isLoadingMore) return
    shown = view
    ports.show(view)
  }

  insert(0, null)
  return {
    loadMore() {
      const next = segments.at(-1)?.page?.next ?? null
      if (next === null || signal.aborted) return
      insert(segments.length, next)
      show()
    },
    look(index) {
      const segment = places[index]
      if (segment === undefined || signal.aborted || !segments.includes(segment)) return
      segment.usedAt = ++uses
      if (segment.live !== null) return
      follow(segment)
      keepFew()
    },
  }
}
