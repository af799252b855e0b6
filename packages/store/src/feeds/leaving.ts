/**
 * Large feeds that are being forgotten (spec S14): from the first on nothing of them is read, and their rows go in parts.
 *
 *     forget ─▶ leaving ─forgetPart, forgetPart, … also after a restart▶ gone
 *
 * @module
 */
import type { Sqlite } from '../sqlite.ts'

/** Part of the main file's migrations. */
export const leavingTables = `
  create table leaving (feed integer primary key);
`

/** By `feeds.id`. Whoever changes it has opened the transaction. */
export interface Leaving {
  isEmpty(): boolean
  has(feed: number): boolean
  all(): Iterable<number>
  add(feed: number): void
  remove(feed: number): void
  /** After a roll-back: reads the table anew. */
  forget(): void
}

export function createLeaving(db: Sqlite): Leaving {
  /** As in the table: asked for with each entry that is read, and nearly always empty. */
  let loaded: Set<number> | null = null

  const feeds = (): Set<number> => {
    loaded ??= new Set(
      Array.from(db.rows<{ feed: number }>('select feed from leaving order by feed'), ({ feed }) => feed),
    )
    return loaded
  }

  return {
    isEmpty: () => feeds().size === 0,
    has: (feed) => feeds().has(feed),
    all: () => feeds(),
    add(feed) {
      db.run('insert or ignore into leaving (feed) values (?)', feed)
      feeds().add(feed)
    },
    remove(feed) {
      if (feeds().delete(feed)) db.run('delete from leaving where feed = ?', feed)
    },
    forget: () => {
      loaded = null
    },
  }
}
