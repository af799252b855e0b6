/**
 * Watch sets that were agreed on with others, and how far their logs are known (spec C2, C3).
 *
 *     mine    what we watch, as the other side has it stored
 *     theirs  what the other side watches, stored here for it
 *
 * Bounded (T16): the newest two a side and remote, so that a change that was cut in the middle leaves the
 * one before; and all of theirs together, the longest unused first.
 *
 * @module
 */
import { type Identity, identityKey } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'
import type { MetSet, MetSets } from '../store.ts'

const maxSetsEach = 2

/** Of keys that are stored for others: two million of them. */
const maxTheirBytes: number = 64 * 1024 * 1024

type SetRow = {
  mine: number
  hash: Uint8Array
  keys: Uint8Array
  log: Uint8Array | null
  count: number | null
  own: number
}

export function createMetSets(db: Sqlite, commit: (work: () => void) => void): MetSets {
  const select = 'select mine, hash, keys, log, count, own from met_sets s join met_keys k on k.id = s.id'

  function nextUse(): number {
    return (db.first<{ used: number | null }>('select max(used) as used from met_sets')?.used ?? 0) + 1
  }

  function bound(remote: Uint8Array, mine: number): void {
    db.run(
      `delete from met_sets where remote = ?1 and mine = ?2 and id not in
         (select id from met_sets where remote = ?1 and mine = ?2 order by used desc limit ${maxSetsEach})`,
      remote,
      mine,
    )
    db.run(
      `delete from met_sets where mine = 0 and id in (select id from
         (select s.id, sum(length(k.keys)) over (order by s.used desc) as total
          from met_sets s join met_keys k on k.id = s.id where s.mine = 0)
         where total > ${maxTheirBytes})`,
    )
    dropKeys()
  }

  const dropKeys = (): void => void db.run('delete from met_keys where id not in (select id from met_sets)')

  return {
    metSet(remote, mine, hash) {
      const row = db.first<SetRow>(
        `${select} where remote = ? and mine = ? and hash = ?`,
        identityKey(remote),
        mine ? 1 : 0,
        hash,
      )
      return row === null ? null : setOf(row)
    },
    lastSet(remote, mine) {
      const row = db.first<SetRow>(
        `${select} where remote = ? and mine = ? order by used desc limit 1`,
        identityKey(remote),
        mine ? 1 : 0,
      )
      return row === null ? null : setOf(row)
    },
    saveSet(remote: Identity, set: MetSet) {
      commit(() => {
        const key = identityKey(remote)
        const mine = set.mine ? 1 : 0
        const values = [set.theirs?.log ?? null, set.theirs?.count ?? null, set.own, nextUse()] as const
        const changed = db.run(
          'update met_sets set log = ?, count = ?, own = ?, used = ? where remote = ? and mine = ? and hash = ?',
          ...values,
          key,
          mine,
          set.hash,
        )
        if (changed > 0) return
        const row = db.first<{ id: number }>(
          `insert into met_sets (log, count, own, used, remote, mine, hash) values (?, ?, ?, ?, ?, ?, ?) returning id`,
          ...values,
          key,
          mine,
          set.hash,
        )
        if (row === null) throw new Error('a row that was just written is there')
        db.run('insert into met_keys (id, keys) values (?, ?)', row.id, set.keys)
        bound(key, mine)
      })
    },
    forgetSets(remote) {
      commit(() => {
        db.run('delete from met_sets where remote = ?', identityKey(remote))
        dropKeys()
      })
    },
  }
}

function setOf({ mine, hash, keys, log, count, own }: SetRow): MetSet {
  return {
    mine: mine === 1,
    hash,
    keys,
    theirs: log === null || count === null ? null : { log, count },
    own,
  }
}
