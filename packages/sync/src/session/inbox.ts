/**
 * A bounded queue between the one who opens frames and the one who acts on them.
 *
 *     put ─▶ (at most so many items, so many bytes) ─▶ receive;  full: the link is not read
 *
 * @module
 */

export interface Inbox<Item> {
  isFull(): boolean
  put(item: Item, bytes: number): void
  /** Resolves when it is no longer full, or over. */
  room(): Promise<void>
  /** No bound from here on: what the link still holds may come. */
  unbind(): void
  /** The reader ends after what is there. */
  end(): void
  /** The reader ends now. */
  clear(): void
  /** For one reader. */
  receive(): AsyncIterable<Item>
}

export function createInbox<Item>(bounds: { readonly items: number; readonly bytes: number }): Inbox<Item> {
  const queue: { readonly item: Item; readonly bytes: number }[] = []
  let queuedBytes = 0
  let bound = true
  let over = false
  /** Of the reader who waits, while the queue is empty. */
  let give: ((next: IteratorResult<Item, undefined>) => void) | null = null
  let wakeWriter = () => {}

  const isFull = (): boolean => bound && (queue.length >= bounds.items || queuedBytes >= bounds.bytes)

  const done: IteratorReturnResult<undefined> = { done: true, value: undefined }

  /** By hand: a generator's frame and promises cost a session 1 KB and each message as much work again. */
  const reader: AsyncIterableIterator<Item, undefined> = {
    [Symbol.asyncIterator]: () => reader,
    next() {
      const next = queue.shift()
      if (next !== undefined) {
        queuedBytes -= next.bytes
        if (!isFull()) wakeWriter()
        return Promise.resolve({ done: false, value: next.item })
      }
      if (over) return Promise.resolve(done)
      return new Promise((resolve) => {
        give = resolve
      })
    },
  }

  function end(): void {
    over = true
    bound = false
    give?.(done)
    give = null
    wakeWriter()
  }

  return {
    isFull,
    put(item, bytes) {
      if (over) return
      if (give !== null) {
        const resolve = give
        give = null
        resolve({ done: false, value: item })
        return
      }
      queue.push({ item, bytes })
      queuedBytes += bytes
    },
    async room() {
      while (isFull()) {
        await new Promise<void>((resolve) => {
          wakeWriter = resolve
        })
      }
    },
    unbind() {
      bound = false
      wakeWriter()
    },
    end,
    clear() {
      queue.length = 0
      queuedBytes = 0
      end()
    },
    receive: () => reader,
  }
}
