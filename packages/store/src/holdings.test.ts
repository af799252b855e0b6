/** Which tables are something, and which follow from them. */
import { expect, test } from 'vitest'
import { followingTables, holdingTables, holdsAnything } from './holdings.ts'
import { openSqlite } from './node/sqlite.ts'
import { migrations } from './schema.ts'

test('[S57] each table of the main file is known to be something that a copy would bury, or not', () => {
  using db = openSqlite(':memory:', { migrations })
  const names = Array.from(
    db.rows<{ name: string }>("select name from sqlite_schema where type = 'table' order by name"),
    ({ name }) => name,
  ).filter((name) => !/^(sqlite_|search$|search_(data|idx|docsize|config)$)/.test(name))
  expect(names).toEqual([...holdingTables, ...followingTables].toSorted())
  expect(holdsAnything(db)).toBe(false)
  const key = new Uint8Array(32)
  db.run('insert into feed_keys (feed, key_id, epoch, key) values (?, ?, 1, ?)', key, 'id', key)
  expect(holdsAnything(db)).toBe(true)
})
