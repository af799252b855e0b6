/**
 * A bounded queue between the one who opens frames and the one who acts on them.
 *
 *     put ─▶ (at most so many items, so many bytes) ─▶ receive;  full: the link is not read
 *
 * @module
 */

export interface Inbox<Item> {
  readonly full: boolean
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
  let wakeReader = () => {}
  let wakeWriter = () => {}

  const isFull = (): boolean => bound && (queue.length >= bounds.items || queuedBytes >= bounds.bytes)

  async function* receive(): AsyncGenerator<Item> {
    for (;;) {
      const next = queue.shift()
      if (next !== undefined) {
        queuedBytes -= next.bytes
        if (!isFull()) wakeWriter()
        yield next.item
      } else if (over) {
        return
      } else {
        await new Promise<void>((resolve) => {
          wakeReader = resolve
        })
      }
    }
  }

  function end(): void {
    over = true
    bound = false
    wakeReader()
    wakeWriter()
  }

  return {
    get full() {
      return isFull()
    },
    put(item, bytes) {
      if (over) return
      queue.push({ item, bytes })
      queuedBytes += bytes
      wakeReader()
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
    receive,
  }
}
