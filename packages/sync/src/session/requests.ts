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
  const open = new SparseSet<number>()
  return {
    open({ id }) {
      if (open.has(id)) return 'repeated'
      if (open.size >= max) return 'busy'
      open.add(id)
      return 'opened'
    },
    cancel: (id) => void open.delete(id),
    answer(message) {
      if (!('re' in message) || message.re === null) return
      if (message.type === 'error' || ('end' in message && message.end)) open.delete(message.re)
    },
  }
}

export function isRequest(message: Message): message is Request {
  return 'id' in message && message.type !== 'cancel' && message.type !== 'credit'
}
