/**
 * The other side's open requests (spec M2): none twice, and not too many at once.
 *
 *     request ─▶ open ─▶ last answer, error or cancel ─▶ closed
 *
 * @module
 */
import type { Message, Request } from '../messages.ts'
import { SparseSet } from '../sparse.ts'

export interface OpenRequests {
  /** Opens `request`: refuses a number that is open already, and one more than the bound. */
  open(request: Request): 'opened' | 'repeated' | 'busy'
  cancel(id: number): void
  /** What we send may be a last answer. */
  answer(message: Message): void
}

export function createOpenRequests(max: number): OpenRequests {
  return new Requests(max)
}

/** A class, because each session has one. */
class Requests implements OpenRequests {
  readonly #max: number
  readonly #open = new SparseSet<number>()

  constructor(max: number) {
    this.#max = max
  }

  open({ id }: Request): 'opened' | 'repeated' | 'busy' {
    if (this.#open.has(id)) return 'repeated'
    if (this.#open.size >= this.#max) return 'busy'
    this.#open.add(id)
    return 'opened'
  }

  cancel(id: number): void {
    this.#open.delete(id)
  }

  answer(message: Message): void {
    if (!('re' in message) || message.re === null) return
    if (message.type === 'error' || ('end' in message && message.end)) this.#open.delete(message.re)
  }
}

export function isRequest(message: Message): message is Request {
  return 'id' in message && message.type !== 'cancel' && message.type !== 'credit'
}
