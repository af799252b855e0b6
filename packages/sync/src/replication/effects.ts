/**
 * What the machines of replication ask of the world; `pump.ts` carries it out.
 *
 *     message ─▶ machine ─▶ send, verify, after, soon, wake, end
 *
 * The machines are handed the store and call it directly: it is synchronous, so it is
 * the effect `store` with the answer at hand. Everything that takes time goes through here,
 * and every callback comes later, never during the call.
 *
 * @module
 */
import type { SignatureCheck } from '@effigy/core'
import type { FrameBytes } from '../frame.ts'
import type { Message } from '../messages.ts'

export interface Effects {
  /** Small messages, at once; what is large waits to be pulled (`Outgoing`). */
  send(message: Message, bytes?: FrameBytes): void
  /** Checks signatures; one verdict a check, in order. */
  verify(checks: readonly SignatureCheck[], done: (verdicts: readonly boolean[]) => void): void
  /** Ms of monotonic time. */
  after(ms: number, run: () => void): Disposable
  /** When everything that has arrived by now was handled. */
  soon(run: () => void): void
  /** There is something to pull. */
  wake(): void
  /** The other side broke a rule: `bye` with this code. */
  end(code: string): void
}

/** A frame that was asked for, made when the link has room for it. */
export interface Outgoing {
  readonly message: Message
  readonly bytes: FrameBytes
}

/** Something that has answers to give, one frame at a time. */
export interface Producer {
  /** Null when there is nothing to send now. */
  pull(): Outgoing | null
}

/** Open requests with a list of 1,000 names, of one kind and session: a few MB of memory (T16). */
export const maxOpenLists = 32

type TurnItems<Key, Item> = Pick<Map<Key, Item>, 'size' | 'delete'> & {
  entries(): Iterator<[Key, Item]>
  set(key: Key, item: Item): unknown
}

/** Asks each in turn, so that no request waits for the end of another. */
export function takeTurns<Key, Item extends Producer>(items: TurnItems<Key, Item>): Outgoing | null {
  for (let left = items.size; left > 0; left--) {
    const next = items.entries().next().value
    if (next === undefined) return null
    const [key, item] = next
    // Back of the row, whether it had something or not; it may also end itself.
    if (items.size > 1 && items.delete(key)) items.set(key, item)
    const outgoing = item.pull()
    if (outgoing !== null) return outgoing
  }
  return null
}

/** The same for producers that are always there: whoever had something is last the next time. */
export function createRow(producers: readonly Producer[]): Producer {
  return new Row(producers)
}

class Row implements Producer {
  readonly #producers: readonly Producer[]
  #first = 0

  constructor(producers: readonly Producer[]) {
    this.#producers = producers
  }

  pull(): Outgoing | null {
    const producers = this.#producers
    for (let step = 0; step < producers.length; step++) {
      const at = (this.#first + step) % producers.length
      const outgoing = producers[at]?.pull() ?? null
      if (outgoing === null) continue
      this.#first = at + 1
      return outgoing
    }
    return null
  }
}
