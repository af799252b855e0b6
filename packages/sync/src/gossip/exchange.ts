/**
 * One gossip exchange of two participants (spec G1, G2).
 *
 *     p ◀─ what each lacks, in an order, at most `limit` each way ─▶ q
 *
 * @module
 */
import type { Order } from './order.ts'
import type { Delta, Replica } from './replica.ts'

export interface ExchangeOptions {
  readonly order: Order
  /** Deltas in one message, so twice as many in an exchange. */
  readonly limit: number
  /** Breaks ties; any number. */
  readonly tieBreak: () => number
}

/** What one message carried of what it should have. */
export interface Told {
  readonly pending: number
  readonly sent: number
}

/** Both messages are made before either is taken, as they cross on the way. */
export function exchange(p: Replica, q: Replica, options: ExchangeOptions): readonly [Told, Told] {
  const fromP = message(p, q, options)
  const fromQ = message(q, p, options)
  for (const delta of fromP.deltas) q.take(delta)
  for (const delta of fromQ.deltas) p.take(delta)
  return [told(fromP), told(fromQ)]
}

interface Draft {
  readonly pending: number
  readonly deltas: readonly Delta[]
}

function message(from: Replica, to: Replica, { order, limit, tieBreak }: ExchangeOptions): Draft {
  const lists: (readonly Delta[])[] = []
  let pending = 0
  for (let participant = 0; participant < from.participants; participant++) {
    const deltas =
      order.compares === 'versions'
        ? from.above(participant, to.highest(participant))
        : from.newerThan(to, participant)
    if (deltas.length > 0) lists.push(deltas)
    pending += deltas.length
  }
  return { pending, deltas: order.choose(lists, limit, tieBreak) }
}

function told({ pending, deltas }: Draft): Told {
  return { pending, sent: deltas.length }
}
