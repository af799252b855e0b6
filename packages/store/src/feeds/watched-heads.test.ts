/** Watched heads as the tables hold them (spec C4), those of stores from before there was a log too. */
import { expect, test } from 'vitest'
import { openSqlite } from '../../test/medium.ts'
import { migrations } from '../schema.ts'
import { transaction } from '../sqlite.ts'
import { createWatchedHeads } from './watched-heads.ts'

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)

test('[C4] rows without a digest are made whole when they are first read, and stay so', () => {
  using db = openSqlite(':memory:', { migrations })
  const feed = (id: number, epoch: number | null, watched: number): void => {
    const head = epoch === null ? null : key(100 + id)
    db.run(
      'insert into feeds (id, identity, epoch, head, first_seen, watched) values (?, ?, ?, ?, 0, ?)',
      ...[id, key(id), epoch, head, watched],
    )
    db.run('insert into head_log (feed, seq, watched) values (?, ?, ?)', id, id, watched)
  }
  feed(1, 1, 1)
  feed(2, null, 1)
  feed(3, 1, 0)
  let asked = 0
  const open = () =>
    createWatchedHeads(db, {
      digestOf(of, epoch, head) {
        asked++
        return new Uint8Array(16).fill((of[0] ?? 0) + epoch + (head[0] ?? 0))
      },
      commit: (work) => transaction(db, work),
    })
  for (let round = 0; round < 2; round++) {
    const { keys, digests, headless } = open().all()
    expect([keys, digests, headless]).toEqual([key(1), new Uint8Array(16).fill(103), key(2)])
    expect(asked).toBe(1)
  }
})
