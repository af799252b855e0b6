/**
 * Reading without a promise while nothing comes: an idle session of a hub would hold a suspended function, its promise and
 * what resolves it at each of its two queues.
 *
 *     poll ─ an item, or the end ▶ go on      null ─ wakes(reader) ─▶ … reader.goOn(), once ─▶ poll
 *
 * Our own queues can be polled; what else is read is asked for one item at a time, so that both are read the same way.
 *
 * @module
 */

/** Whoever waits. */
export interface Woken {
  goOn(): void
}

export interface Polled<Item> {
  /** What is here now, or the end; null: nothing yet. Throws what the reading threw. */
  poll(): IteratorResult<Item, undefined> | null
  /** After a `poll` that gave null: calls `reader` once, when the next one gives something, and never during this call. */
  wakes(reader: Woken): void
}

/** `items` itself where it can be polled; else asked for one item at a time. Only one may read it. */
export function polled<Item>(items: AsyncIterator<Item, undefined>): Polled<Item> {
  return isPolled(items) ? items : new Fetched(items)
}

function isPolled<Item>(
  items: AsyncIterator<Item, undefined>,
): items is AsyncIterator<Item, undefined> & Polled<Item> {
  return 'poll' in items && 'wakes' in items
}

class Fetched<Item> implements Polled<Item> {
  readonly #items: AsyncIterator<Item, undefined>
  #next: IteratorResult<Item, undefined> | null = null
  #failure: { readonly error: unknown } | null = null

  constructor(items: AsyncIterator<Item, undefined>) {
    this.#items = items
  }

  poll(): IteratorResult<Item, undefined> | null {
    if (this.#failure !== null) throw this.#failure.error
    const next = this.#next
    if (next?.done !== true) this.#next = null
    return next
  }

  wakes(reader: Woken): void {
    this.#items.next().then(
      (next) => {
        this.#next = next
        reader.goOn()
      },
      (error: unknown) => {
        this.#failure = { error }
        reader.goOn()
      },
    )
  }
}
