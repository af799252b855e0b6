/**
 * A bounded queue between the one who opens frames and the one who acts on them.
 *
 *     put ─▶ (at most so many items, so many bytes) ─▶ receive;  full: the link is not read
 *
 * @module
 */
import type { Polled, Woken } from '../polled.ts'

export interface Inbox<Item> {
  isFull(): boolean
  put(item: Item, bytes: number): void
  /** After `isFull`: calls `writer` once when it no longer is, or all is over. */
  tellsRoom(writer: Woken): void
  /** No bound from here on: what the link still holds may come. */
  unbind(): void
  /** The reader ends after what is there. */
  end(): void
  /** The reader ends now. */
  clear(): void
  /** For one reader. */
  receive(): AsyncIterable<Item>
}

/** `bounds` may be all limits of a session: it is kept as it is. */
export function createInbox<Item>(bounds: InboxBounds): Inbox<Item> {
  return new SessionInbox(bounds)
}

export interface InboxBounds {
  readonly inboundMessages: number
  readonly inboundBytes: number
}

interface Queued<Item> {
  readonly item: Item
  readonly bytes: number
}

const done: IteratorReturnResult<undefined> = { done: true, value: undefined }

const noItems: Queued<never>[] = []

/** A class, because each session has one, and its own reader: a generator's frame and promises cost a session 1 KB and each message as much work again. */
class SessionInbox<Item> implements Inbox<Item>, Polled<Item>, AsyncIterableIterator<Item, undefined> {
  readonly #bounds: InboxBounds
  #queue: Queued<Item>[] = noItems
  #queuedBytes = 0
  #bound = true
  #over = false
  /** Of the reader who waits, while the queue is empty: for the next item, or to be told that there is one. */
  #give: ((next: IteratorResult<Item, undefined>) => void) | null = null
  #reader: Woken | null = null
  #writer: Woken | null = null

  constructor(bounds: InboxBounds) {
    this.#bounds = bounds
  }

  isFull(): boolean {
    const { inboundMessages, inboundBytes } = this.#bounds
    return this.#bound && (this.#queue.length >= inboundMessages || this.#queuedBytes >= inboundBytes)
  }

  put(item: Item, bytes: number): void {
    if (this.#over) return
    const give = this.#give
    if (give !== null) {
      this.#give = null
      give({ done: false, value: item })
      return
    }
    if (this.#queue === noItems) this.#queue = []
    this.#queue.push({ item, bytes })
    this.#queuedBytes += bytes
    this.#wakeReader()
  }

  tellsRoom(writer: Woken): void {
    this.#writer = writer
  }

  unbind(): void {
    this.#bound = false
    this.#wakeWriter()
  }

  end(): void {
    this.#over = true
    this.#bound = false
    this.#give?.(done)
    this.#give = null
    this.#wakeReader()
    this.#wakeWriter()
  }

  clear(): void {
    this.#queue = noItems
    this.#queuedBytes = 0
    this.end()
  }

  receive(): AsyncIterable<Item> {
    return this
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    const next = this.poll()
    if (next !== null) return Promise.resolve(next)
    return new Promise((resolve) => {
      this.#give = resolve
    })
  }

  poll(): IteratorResult<Item, undefined> | null {
    const next = this.#queue.shift()
    if (next === undefined) return this.#over ? done : null
    this.#queuedBytes -= next.bytes
    if (!this.isFull()) this.#wakeWriter()
    return { done: false, value: next.item }
  }

  wakes(reader: Woken): void {
    this.#reader = reader
  }

  // In turns of their own: neither is to meet what the other does.

  #wakeReader(): void {
    const reader = this.#reader
    if (reader === null) return
    this.#reader = null
    queueMicrotask(() => reader.goOn())
  }

  #wakeWriter(): void {
    const writer = this.#writer
    if (writer === null) return
    this.#writer = null
    queueMicrotask(() => writer.goOn())
  }
}
