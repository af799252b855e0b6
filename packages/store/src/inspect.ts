/**
 * A look at a database file that somebody else may have made (spec S25).
 *
 *     file ─▶ ours? not newer? no table, index, trigger or view but those of its version? whole? ─▶ its version
 *
 * @module
 */
import { EffigyError, err, ok, type Result } from '@effigy/core'
import { applicationId } from './migrate.ts'
import type { Sqlite } from './sqlite.ts'

/**
 * - `foreign`: no database of ours, or with tables, triggers or views that ours does not have
 * - `newer`: of a later version
 * - `damaged`: SQLite finds it broken
 */
export interface InspectFault {
  readonly code: 'foreign' | 'newer' | 'damaged'
}

/** Changes nothing. `open` gives bare connections with `inspectPragmas`: to the file, and to an empty one in memory. */
export function inspect(
  open: (what: 'file' | 'memory') => Sqlite,
  migrations: readonly string[],
): Result<{ readonly version: number }, InspectFault> {
  try {
    using db = open('file')
    const value = (name: string): number => db.first<Record<string, number>>(`pragma ${name}`)?.[name] ?? 0
    const version = value('user_version')
    if (value('application_id') !== applicationId || version < 1) return err({ code: 'foreign' })
    if (version > migrations.length) return err({ code: 'newer' })
    // In another one bytes that pass as text would come back as others. SQLite for browsers knows none, and opens no such file.
    const encoding = db.first<{ encoding: string }>('pragma encoding')?.encoding ?? 'UTF-8'
    if (encoding !== 'UTF-8') return err({ code: 'foreign' })
    using empty = open('memory')
    for (const migration of migrations.slice(0, version)) empty.script(migration)
    if (schemaOf(db) !== schemaOf(empty)) return err({ code: 'foreign' })
    const found = db.first<{ integrity_check: string }>('pragma integrity_check(1)')?.integrity_check
    return found === 'ok' ? ok({ version }) : err({ code: 'damaged' })
  } catch (cause) {
    if (!(cause instanceof EffigyError)) throw cause
    if (cause.code === 'storage-damaged') return err({ code: 'damaged' })
    if (cause.code === 'storage-failed') return err({ code: 'foreign' })
    throw cause
  }
}

/** Nothing that stands in the file runs. */
export const inspectPragmas = 'pragma trusted_schema = off; pragma cell_size_check = on; pragma mmap_size = 0'

function schemaOf(db: Sqlite): string {
  const rows = db.rows<{ type: string; name: string; sql: string | null }>(
    'select type, name, sql from sqlite_schema order by type, name',
  )
  return Array.from(rows, ({ type, name, sql }) => `${type} ${name} ${sql}`).join('\n')
}
