import { describe, expect, test } from 'vitest'
import type { Fault, Step } from './disk.ts'
import { SqliteFailure } from './disk-sqlite.ts'
import { createFaultyDisk, type FaultyDisk } from './faulty-disk.ts'
import { createRandom } from './seed.ts'

const wal = 'pragma locking_mode=exclusive; pragma journal_mode=wal; pragma synchronous=full'
/** With a rollback journal kept by truncation a commit is durable at `full`; by deletion only at `extra`. */
const truncating = 'pragma journal_mode=truncate; pragma synchronous=full'
const deleting = 'pragma journal_mode=delete; pragma synchronous=extra'
const modes = { wal, truncating, deleting }

const newDisk = (seed: string | number, onStep?: (step: Step) => void) =>
  createFaultyDisk({ random: createRandom(seed), ...(onStep && { onStep }) })

/** What was acknowledged, and how it ended. */
interface Outcome {
  readonly acknowledged: number[]
  readonly failure: SqliteFailure | null
}

/** Transactions of three rows each, with a checkpoint in between, until one throws. */
function work(disk: FaultyDisk, mode: string, count = 6): Outcome {
  const acknowledged: number[] = []
  try {
    using db = disk.open('store')
    db.script(mode)
    db.run(
      'create table if not exists entry (n integer primary key, batch integer not null, body blob not null)',
    )
    const start = db.first<{ n: number }>('select coalesce(max(batch), 0) as n from entry')!.n
    for (let batch = start + 1; batch <= start + count; batch++) {
      db.run('begin immediate')
      for (let n = 0; n < 3; n++) {
        db.run('insert into entry (batch, body) values (?, ?)', batch, new Uint8Array(3000).fill(batch))
      }
      db.run('commit')
      acknowledged.push(batch)
      if (batch % 3 === 0) db.script('pragma wal_checkpoint(truncate)')
    }
    return { acknowledged, failure: null }
  } catch (failure) {
    if (!(failure instanceof SqliteFailure)) throw failure
    return { acknowledged, failure }
  }
}

/** Opens, checks everything, and gives the batches that are there. */
function batches(disk: FaultyDisk, mode: string): number[] {
  using db = disk.open('store')
  db.script(mode)
  expect(db.first('pragma integrity_check')).toEqual({ integrity_check: 'ok' })
  if (db.first("select 1 from sqlite_schema where name = 'entry'") === null) return []
  const rows = [
    ...db.rows<{ batch: number; n: number }>('select batch, count(*) as n from entry group by batch'),
  ]
  for (const { n } of rows) expect(n).toBe(3)
  return rows.map(({ batch }) => batch)
}

async function stepsOf(mode: string): Promise<number> {
  const disk = await newDisk('count')
  expect(work(disk, mode).failure).toBeNull()
  return disk.steps
}

describe('the port', () => {
  test('values come back as they went in', async () => {
    const disk = await newDisk('values')
    using db = disk.open('store')
    const row = {
      a: null,
      b: 1,
      c: 1.5,
      d: 'é\u0000\u{1f600}',
      e: Uint8Array.of(0, 255),
      f: 2 ** 53 - 1,
      g: -(2 ** 40),
    }
    db.script('create table v (a, b, c, d, e, f, g)')
    expect(db.run('insert into v values (?, ?, ?, ?, ?, ?, ?)', ...Object.values(row))).toBe(1)
    expect(db.first('select * from v')).toEqual(row)
    expect(db.first('select ? as empty', new Uint8Array(0))).toEqual({ empty: new Uint8Array(0) })
    expect(db.first('select * from v where b = ?', 2)).toBeNull()
    expect(db.run('update v set b = b + ?', 1)).toBe(1)
  })

  test('rows are lazy, and one text may be read twice at once', async () => {
    const disk = await newDisk('lazy')
    using db = disk.open('store')
    const sql =
      'with recursive c(n) as (select ? union all select n + 1 from c) select n from c limit 1000000000'
    const [one, two] = [db.rows<{ n: number }>(sql, 1), db.rows<{ n: number }>(sql, 100)]
    const seen: number[] = []
    for (const { n } of one) {
      seen.push(n)
      for (const other of two) {
        seen.push(other.n)
        break
      }
      if (seen.length > 3) break
    }
    expect(seen).toEqual([1, 100, 2, 3])
    expect(db.first(sql, 7)).toEqual({ n: 7 })
  })

  test('another file of the same disk can be attached, and two disks do not meet', async () => {
    const [disk, other] = [await newDisk('attach'), await newDisk('other')]
    using db = disk.open('store')
    using elsewhere = other.open('store')
    db.script("attach 'cache' as cache; create table cache.t (n); create table main.s (n)")
    db.run('begin immediate')
    db.run('insert into t values (1)')
    elsewhere.script('create table t (n)')
    db.run('insert into s values (1)')
    db.run('commit')
    expect([...disk.files.keys()]).toEqual(['cache', 'store'])
    expect([...other.files.keys()]).toEqual(['store'])
  })

  test('sorting that does not fit in memory uses temporary files', async () => {
    const files = new Set<string>()
    const disk = await newDisk('sort', (step) => files.add(step.file))
    using db = disk.open('store')
    db.script('pragma temp_store=file; pragma cache_size=10; create table t (n, body)')
    db.run(
      'insert into t with recursive c(n) as (select 1 union all select n + 1 from c limit ?) select n, hex(randomblob(500)) from c',
      3000,
    )
    const rows = [...db.rows<{ n: number }>('select n from t order by body, n')]
    expect(rows).toHaveLength(3000)
    expect(files).toContain('temporary')
  })

  test('a disposed database says that it is closed', async () => {
    const db = (await newDisk('closed')).open('store')
    db.script('create table t (n)')
    db[Symbol.dispose]()
    db[Symbol.dispose]()
    expect(() => db.run('insert into t values (1)')).toThrow(expect.objectContaining({ code: 'closed' }))
    expect(() => db.script('select 1')).toThrow(expect.objectContaining({ code: 'closed' }))
  })

  test('full-text search is there', async () => {
    const disk = await newDisk('fts')
    using db = disk.open('store')
    db.script("create virtual table t using fts5(body); insert into t values ('the quick brown fox')")
    expect(db.first("select rowid as n from t where t match 'quick'")).toEqual({ n: 1 })
  })

  test('a second connection finds the file locked', async () => {
    const disk = await newDisk('locked')
    using db = disk.open('store')
    db.script(`${wal}; create table t (n)`)
    using other = disk.open('store')
    expect(() => other.first('select * from t')).toThrow(expect.objectContaining({ errstr: 'SQLITE_BUSY' }))
  })

  test('result codes become the errors of the code under test', async () => {
    class Full extends Error {}
    const failure = (errcode: number) => ((errcode & 0xff) === 13 ? new Full() : null)
    const disk = await createFaultyDisk({ random: createRandom(1), failure })
    using db = disk.open('store')
    db.script('create table t (n)')
    expect(() => db.run('select nothing from nowhere')).toThrow(SqliteFailure)
    disk.failAt(disk.steps + 1, 'full')
    expect(() => db.run('insert into t values (1)')).toThrow(Full)
  })
})

describe('faults', () => {
  const meet = async (kind: Step['kind'], fault: Fault): Promise<SqliteFailure | null> => {
    // In a rollback journal every kind of step reaches the caller; the last of its kind, so that the file exists.
    const kinds: Step['kind'][] = []
    work(await newDisk('kinds', (step) => kinds.push(step.kind)), deleting)
    const disk = await newDisk('kinds')
    const at = kind === 'create' ? kinds.indexOf(kind) : kinds.lastIndexOf(kind)
    disk.failAt(at + 1, fault)
    return work(disk, deleting).failure
  }

  test.for([
    ['write', 'full', 'SQLITE_FULL'],
    ['write', 'io-error', 'SQLITE_IOERR_WRITE'],
    ['write', 'short-write', 'SQLITE_FULL'],
    ['write', 'power-loss', 'SQLITE_IOERR_WRITE'],
    ['sync', 'full', 'SQLITE_FULL'],
    ['sync', 'io-error', 'SQLITE_IOERR_FSYNC'],
    ['sync', 'power-loss', 'SQLITE_IOERR_FSYNC'],
    ['delete', 'io-error', 'SQLITE_IOERR_DELETE'],
    ['create', 'io-error', 'SQLITE_CANTOPEN'],
  ] as const)('%s meets %s: %s', async ([kind, fault, errstr]) => {
    expect(await meet(kind, fault)).toMatchObject({ errstr })
  })

  test('a truncate that fails shows too', async () => {
    const disk = await newDisk('truncate')
    using db = disk.open('store')
    db.script(`${truncating}; create table t (n)`)
    db.run('begin immediate')
    db.run('insert into t values (1)')
    // Journal and database are written and synced before the commit empties the journal.
    const kinds: string[] = []
    const trial = await newDisk('truncate', (step) => kinds.push(step.kind))
    using other = trial.open('store')
    other.script(`${truncating}; create table t (n); begin immediate; insert into t values (1); commit`)
    disk.failAt(kinds.lastIndexOf('truncate') + 1, 'io-error')
    expect(() => db.run('commit')).toThrow(expect.objectContaining({ errstr: 'SQLITE_IOERR_TRUNCATE' }))
  })

  test('a lasting fault stays until it is healed', async () => {
    const disk = await newDisk('lasting')
    expect(work(disk, wal).failure).toBeNull()
    using db = disk.open('store')
    db.script(wal)
    disk.failAt(disk.steps + 1, 'full', { lasting: true })
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(() => db.run('delete from entry')).toThrow(expect.objectContaining({ errstr: 'SQLITE_FULL' }))
    }
    expect(db.first('select count(*) as n from entry')).toEqual({ n: 18 })
    disk.heal()
    expect(db.run('delete from entry')).toBe(18)
  })
})

describe('power loss', () => {
  test('what was committed survives, whatever becomes of the rest', async () => {
    for (const mode of Object.values(modes)) {
      for (const keep of ['seeded', 'none', 'all'] as const) {
        const disk = await newDisk('committed')
        const { acknowledged } = work(disk, mode)
        const left = disk.powerLoss(keep)
        expect(disk.isDead).toBe(true)
        expect(batches(left, mode)).toEqual(acknowledged)
      }
    }
  })

  test('what was written without a sync is lost', async () => {
    const disk = await newDisk('unsynced')
    using db = disk.open('store')
    db.script(
      'pragma locking_mode=exclusive; pragma journal_mode=wal; pragma synchronous=full; create table t (n)',
    )
    db.script('pragma synchronous=off; insert into t values (1)')
    expect(db.first('select count(*) as n from t')).toEqual({ n: 1 })
    using left = disk.powerLoss('none').open('store')
    left.script(wal)
    expect(left.first('select count(*) as n from t')).toEqual({ n: 0 })
  })

  test('deleting the journal is durable at synchronous=extra only', async () => {
    const survivors = new Set<number>()
    for (let seed = 0; seed < 20; seed++) {
      const disk = await newDisk(seed)
      using db = disk.open('store')
      db.script('pragma journal_mode=delete; pragma synchronous=full; create table t (n)')
      db.script('insert into t values (1)')
      using left = disk.powerLoss(seed % 2 === 0 ? 'none' : 'all').open('store')
      const there = left.first("select 1 from sqlite_schema where name = 't'") !== null
      survivors.add(there ? left.first<{ n: number }>('select count(*) as n from t')!.n : -1)
    }
    expect(survivors).toEqual(new Set([0, 1]))
  })

  test('a dead disk fails everything, and its databases can still be closed', async () => {
    const disk = await newDisk('dead')
    const db = disk.open('store')
    db.script(`${wal}; create table t (n)`)
    disk.powerLoss()
    expect(() => db.run('insert into t values (1)')).toThrow(SqliteFailure)
    db[Symbol.dispose]()
    expect(() => disk.open('store').first('select 1 from sqlite_schema')).toThrow(SqliteFailure)
  })

  test('kill -9 loses nothing that was written, synced or not', async () => {
    const disk = await newDisk('killed')
    using db = disk.open('store')
    db.script(`${wal}; create table t (n); pragma synchronous=off; insert into t values (1)`)
    const killed = disk.kill()
    {
      using after = killed.open('store')
      after.script(wal)
      expect(after.first('select count(*) as n from t')).toEqual({ n: 1 })
    }
    expect(disk.isDead).toBe(true)
  })
})

describe('every step fails once', () => {
  const faults: readonly Fault[] = ['full', 'io-error', 'short-write', 'power-loss']

  test.for(Object.keys(modes) as (keyof typeof modes)[])(
    '%s: it opens, and no acknowledged batch is lost',
    async (name) => {
      const mode = modes[name]
      const steps = await stepsOf(mode)
      let failed = 0
      for (let step = 1; step <= steps; step++) {
        const fault = faults[step % faults.length]!
        const disk = await newDisk(`${name} ${step}`)
        disk.failAt(step, fault)
        const { acknowledged, failure } = work(disk, mode)
        if (failure !== null) failed++
        disk.heal()
        // The machine goes off in the end, whatever the fault was.
        const there = batches(disk.powerLoss(), mode)
        // The batch under way may be there or not; nothing else may differ.
        const next = acknowledged.length + 1
        expect([acknowledged, [...acknowledged, next]], `${name} ${fault} at ${step}`).toContainEqual(there)
      }
      expect(steps).toBeGreaterThan(30)
      expect(failed).toBeGreaterThan(steps / 4)
    },
  )
})

test('the check above would notice: at synchronous=normal acknowledged batches are lost', async () => {
  const mode = wal.replace('full', 'normal')
  let lost = 0
  for (let step = 20; step <= 50; step++) {
    const disk = await newDisk(step)
    disk.failAt(step, 'power-loss')
    const { acknowledged } = work(disk, mode)
    const there = batches(disk.powerLoss(), mode)
    if (there.length < acknowledged.length) lost++
    // Lost from the end only: what is there is still a beginning.
    expect(there).toEqual(there.map((_, at) => at + 1))
  }
  expect(lost).toBeGreaterThan(0)
})

test('the same seed replays exactly: every step, every surviving byte', async () => {
  const run = async (seed: string) => {
    const steps: Step[] = []
    const disk = await newDisk(seed, (step) => steps.push(step))
    disk.failAt(25, 'power-loss')
    const { acknowledged } = work(disk, wal)
    return { steps, acknowledged, files: disk.powerLoss().files }
  }
  const first = await run('replay')
  await work(await newDisk('something between'), wal)
  expect(await run('replay')).toEqual(first)
  expect(await run('another')).not.toEqual(first)
})

test('a file can be damaged, and SQLite notices', async () => {
  const disk = await newDisk('damaged')
  work(disk, truncating)
  const bytes = disk.files.get('store')!
  bytes.fill(0xff, 0, 100)
  disk.replace('store', bytes)
  using db = disk.open('store')
  expect(() => db.first('select * from entry')).toThrow(expect.objectContaining({ errstr: 'SQLITE_NOTADB' }))
  disk.replace('store', null)
  expect([...disk.files.keys()]).toEqual(['store-journal'])
})
