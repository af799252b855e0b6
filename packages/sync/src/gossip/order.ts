/**
 * What goes first when more is pending than one exchange may carry (spec G2).
 *
 *     pending, by participant ─▶ order ─▶ at most `limit`
 *
 * `deepestFirst` and `wholeFirst` are what ships: live heads are put in this order. The others are those of the
 * paper (replica.ts), for comparison; all see the same pending lists.
 *
 * @module
 */
import type { Delta } from './replica.ts'

/** Whatever waits as one piece: a feed of which the other side lacks `deficit` entries. */
export interface Pending {
  /** How much is lacking; entries. */
  readonly deficit: number
  /** When the newest of it came, by any clock that only grows. */
  readonly newest: number
}

/** The deepest deficit first; of equal ones the newest, whose news is worth most. A new list. */
export function deepestFirst<Item extends Pending>(items: Iterable<Item>): Item[] {
  return [...items].sort((a, b) => b.deficit - a.deficit || b.newest - a.newest)
}

/**
 * The same with room for `room`: the deepest that fit whole come first, what does not fit behind them in the same
 * order. A piece that is cut leaves somebody half told, and his oldest news waits for another turn.
 */
export function wholeFirst<Item extends Pending>(
  items: Iterable<Item>,
  room: number,
  sizeOf: (item: Item) => number,
): Item[] {
  const whole: Item[] = []
  const rest: Item[] = []
  let left = room
  for (const item of deepestFirst(items)) {
    const size = sizeOf(item)
    if (size > left) rest.push(item)
    else {
      left -= size
      whole.push(item)
    }
  }
  return [...whole, ...rest]
}

export type OrderName =
  | 'precise-oldest'
  | 'precise-newest'
  | 'scuttle-breadth'
  | 'scuttle-depth'
  /** What ships: the deepest that fit whole first, the newest of each first, and never what the other side holds. */
  | 'shipping'

export interface Order {
  readonly name: OrderName
  /** Whether both sides compare mapping for mapping, or only the highest version of each participant. */
  readonly compares: 'mappings' | 'versions'
  /** `pending`: one list a participant that lacks something, each ascending by version. At most `limit` of them. */
  choose(pending: readonly (readonly Delta[])[], limit: number, tieBreak: () => number): readonly Delta[]
}

/** Those of the paper, then `shipping`: to be compared. */
export const orders: readonly Order[] = [
  {
    name: 'precise-oldest',
    compares: 'mappings',
    choose: (pending, limit) =>
      pending
        .flat()
        .sort((a, b) => a.at - b.at)
        .slice(0, limit),
  },
  {
    name: 'precise-newest',
    compares: 'mappings',
    choose: (pending, limit) =>
      pending
        .flat()
        .sort((a, b) => b.at - a.at)
        .slice(0, limit),
  },
  { name: 'scuttle-breadth', compares: 'versions', choose: breadth },
  {
    name: 'scuttle-depth',
    compares: 'versions',
    choose: (pending, limit, tieBreak) => inDepth(pending, tieBreak).flat().slice(0, limit),
  },
  {
    name: 'shipping',
    compares: 'mappings',
    choose: (pending, limit) =>
      wholeFirst(pending.map(asPending), limit, ({ deltas }) => deltas.length)
        .flatMap(({ deltas }) => deltas.toReversed())
        .slice(0, limit),
  },
]

/** Each participant's lowest version, then each one's second lowest, …: within a round in random order. */
function breadth(
  pending: readonly (readonly Delta[])[],
  limit: number,
  tieBreak: () => number,
): readonly Delta[] {
  const ranked = pending.flatMap((deltas) =>
    deltas.map((delta, round) => ({ delta, round, tie: tieBreak() })),
  )
  ranked.sort((a, b) => a.round - b.round || a.tie - b.tie)
  return ranked.slice(0, limit).map(({ delta }) => delta)
}

/** Whoever has most to tell comes first and whole; equal ones in random order. */
function inDepth(
  pending: readonly (readonly Delta[])[],
  tieBreak: () => number,
): readonly (readonly Delta[])[] {
  return pending
    .map((deltas) => ({ deltas, tie: tieBreak() }))
    .sort((a, b) => b.deltas.length - a.deltas.length || a.tie - b.tie)
    .map(({ deltas }) => deltas)
}

function asPending(deltas: readonly Delta[]): Pending & { readonly deltas: readonly Delta[] } {
  const newest = deltas.reduce((latest, { at }) => Math.max(latest, at), Number.NEGATIVE_INFINITY)
  return { deltas, deficit: deltas.length, newest }
}
