/**
 * Which of several statements counts: the newest by (comparable, CID), over all
 * devices of the account (spec P12).
 *
 *     statements of all devices ─newestBy(key)▶ one a key
 *
 * @module
 */
import { compareCids, type RawCid } from '../names.ts'
import { accountKey } from './accounts.ts'
import type { Block } from './schemas/block.ts'
import type { Follow } from './schemas/follow.ts'
import type { Mute } from './schemas/mute.ts'

/** The place of a statement in the order: of the entry that makes it. */
export interface Placed {
  readonly comparable: number
  readonly entry: RawCid
}

export type Stance = Follow | Block | Mute

/** Negative when `b` supersedes `a`; zero only for the same entry. */
export function comparePlaced(a: Placed, b: Placed): number {
  return a.comparable === b.comparable ? compareCids(a.entry, b.entry) : a.comparable - b.comparable
}

/** The statement that counts for each key, whatever the order in which they come. */
export function newestBy<Key, Statement extends Placed>(
  statements: Iterable<Statement>,
  keyOf: (statement: Statement) => Key,
): Map<Key, Statement> {
  const newest = new Map<Key, Statement>()
  for (const statement of statements) {
    const key = keyOf(statement)
    const known = newest.get(key)
    if (known === undefined || comparePlaced(known, statement) < 0) newest.set(key, statement)
  }
  return newest
}

/** What a follow, block or mute is about: its type and the person, by root where it is known. */
export function stanceKey({ type, target }: Stance): string {
  return `${type} ${accountKey(target)}`
}

/**
 * The comparable for an entry that is to supersede others: above theirs, whatever
 * clock they were written by. `otherwise` is what the feed would use (E4).
 */
export function comparableAbove(superseded: Iterable<Placed>, otherwise: number): number {
  let comparable = otherwise
  for (const placed of superseded) comparable = Math.max(comparable, placed.comparable + 1)
  return comparable
}
