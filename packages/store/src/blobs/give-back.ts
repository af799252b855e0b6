/**
 * Gives pages that were freed back to the disk (spec S).
 *
 *     deleted blocks ─▶ free pages ─a part a call▶ a shorter file
 *
 * @module
 */
import type { Sqlite } from '../sqlite.ts'

/** Free pages that are left for what comes next, bytes. */
const slackBytes: number = 1024 * 1024

/** Given back at once, bytes: 25 ms, or 100 where blocks have to move to the front. */
const partBytes: number = 16 * 1024 * 1024

/** A file of a former version that has no more than that in it is written anew, bytes: half a second. */
const rewrittenBytes: number = 64 * 1024 * 1024

/** Outside a transaction. True when there is more to give back: call it again soon. */
export function giveBack(db: Sqlite): boolean {
  const { pages, free, pageBytes, mode } = stateOf(db)
  if (free * pageBytes <= slackBytes) return false
  if (mode === incremental) {
    // A pragma with a constant text: statements of it are not kept.
    db.script(`pragma incremental_vacuum(${Math.min(free, Math.floor(partBytes / pageBytes))})`)
    return stateOf(db).free * pageBytes > slackBytes
  }
  // Made by a former version: its pages can only be used again, until all of it is little enough.
  if ((pages - free) * pageBytes <= rewrittenBytes) db.script('pragma auto_vacuum = incremental; vacuum')
  return false
}

/** `pragma auto_vacuum`. */
const incremental = 2

function stateOf(db: Sqlite) {
  const [pages = 0, free = 0, pageBytes = 0, mode = 0] = [
    'page_count',
    'freelist_count',
    'page_size',
    'auto_vacuum',
  ].map((name) => db.first<Record<string, number>>(`pragma ${name}`)?.[name] ?? 0)
  return { pages, free, pageBytes, mode }
}
