/**
 * Which account an identity of this store's own belongs to, by its own doing (spec S39, T15): its signature alone may be
 * in a state that it was never shown.
 *
 *     create, link, move ─pin▶ root         states of any other account say nothing of it here
 *
 * @module
 */
import { type Identity, identityKey, identityOfKey, type Root } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'

export interface Pins {
  /** Own identities only; null: of no account. */
  all(): ReadonlyMap<Identity, Root | null>
  /** That one of them belongs to. */
  roots(): ReadonlySet<Root>
  set(identity: Identity, root: Root | null): void
  /** Whether what a state with this root says of an identity is to be heard here. */
  mayClaim(root: Root, identity: Identity): boolean
  /** After a roll-back. */
  forget(): void
}

export function createPins(db: Sqlite): Pins {
  let kept: ReadonlyMap<Identity, Root | null> | null = null
  let keptRoots: ReadonlySet<Root> | null = null

  function all(): ReadonlyMap<Identity, Root | null> {
    kept ??= new Map(
      Array.from(
        db.rows<{ identity: Uint8Array; root: Root | null }>('select identity, root from synod_pins'),
        ({ identity, root }) => [identityOfKey(identity), root],
      ),
    )
    return kept
  }

  return {
    all,
    roots() {
      keptRoots ??= new Set([...all().values()].filter((root) => root !== null))
      return keptRoots
    },
    set(identity, root) {
      db.run('insert or replace into synod_pins (identity, root) values (?, ?)', identityKey(identity), root)
      kept = keptRoots = null
    },
    mayClaim: (root, identity) => !all().has(identity) || all().get(identity) === root,
    forget() {
      kept = keptRoots = null
    },
  }
}
