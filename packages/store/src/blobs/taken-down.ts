/**
 * Contents that were taken down (spec V93), as the tables remember them. They stand among the refused roots, so that they are
 * neither wanted nor taken in.
 *
 * @module
 */
import { type Cid, cidOfBytes } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'
import { rootState } from './tables.ts'

export const takenDownCode = 'taken-down'

/** Kept in memory from then on: it is asked for each block that is read. */
export function readTakenDown(db: Sqlite): Set<Cid> {
  const rows = db.rows<{ root: Uint8Array }>(
    'select root from blob_roots where state = ? and code = ?',
    rootState.refused,
    takenDownCode,
  )
  return new Set(Array.from(rows, ({ root }) => cidOfBytes(root)).filter((cid) => cid !== null))
}
