/**
 * The SQLite port over sqlite-wasm, whatever VFS is below it (spec S1, S50).
 *
 *     first(sql, …values) ─kept statement─▶ bind, step, columns ─▶ row        result code ─failure▶ what is thrown
 *
 * Statements are opened and prepared with the package's own classes; values and rows go through the functions of the
 * module itself, because each of the package's wrappers costs as much as a step.
 *
 * @module
 */
import type { Database, PreparedStatement, Sqlite3Static } from '@sqlite.org/sqlite-wasm'
import type { Sqlite, SqlRow, SqlValue } from '../sqlite.ts'
import { type Columns, columnsOf, type Values, valuesOf } from './values.ts'

export interface WasmConnectionOptions {
  /** In the VFS; `:memory:` with the default one. */
  readonly filename: string
  /** By its name; the default one when omitted. */
  readonly vfs?: string
  /** Called before each use. */
  readonly enter?: () => void
  /** What to throw for a result code, extended or not; `isClosed`: used after disposal. */
  readonly failure: (resultCode: number, cause: Error, isClosed: boolean) => unknown
}

/** One that can be read as the file it is. */
export interface WasmSqlite extends Sqlite {
  /** Of the database file, without its log. */
  fileBytes(): number
  /** So many bytes of it, which must be there. */
  readFile(offset: number, length: number): Uint8Array<ArrayBuffer>
}

interface Kept {
  readonly statement: PreparedStatement
  readonly pointer: number
  readonly sql: string
  isUsed: boolean
  /** Of its rows; null before the first. */
  columns: Columns | null
}

type FileCall = (method: 'xRead' | 'xFileSize', ...given: readonly (number | bigint)[]) => void

const resultRow = 100
const resultDone = 101
const misuse = 21

/** Opens or creates it, without any pragma; dispose it. */
export function connectWasm(sqlite3: Sqlite3Static, options: WasmConnectionOptions): WasmSqlite {
  const { capi, oo1, wasm, SQLite3Error } = sqlite3
  const { filename, vfs, failure, enter = () => {} } = options
  const { sqlite3_step: step, sqlite3_reset: reset, sqlite3_clear_bindings: clear } = wasm.exports
  const values: Values = valuesOf(sqlite3)
  const kept = new Map<string, Kept>()
  const inUse = new Set<Kept>()
  let isClosed = false

  const guard = <Value>(work: () => Value): Value => {
    enter()
    try {
      return work()
    } catch (cause) {
      if (!(cause instanceof SQLite3Error)) throw cause
      throw failure(cause.resultCode, cause, isClosed)
    }
  }

  const fail = (resultCode: number): never => {
    const message = isClosed ? 'closed' : capi.sqlite3_errmsg(db)
    // The package's types leave out the message.
    const cause = Object.assign(new SQLite3Error(resultCode), { message: `${message}` })
    throw failure(resultCode, cause, isClosed)
  }

  const db: Database = guard(
    () => new oo1.DB({ filename, flags: 'c', ...(vfs === undefined ? {} : { vfs }) }),
  )
  capi.sqlite3_extended_result_codes(db, 1)

  /** The kept statement, or one of its own when that is being read from. */
  const borrow = (sql: string): Kept => {
    if (isClosed) fail(misuse)
    const known = kept.get(sql)
    if (known !== undefined && !known.isUsed) {
      known.isUsed = true
      inUse.add(known)
      return known
    }
    const statement = guard(() => db.prepare(sql))
    const made: Kept = { statement, pointer: statement.pointer as number, sql, isUsed: true, columns: null }
    if (known === undefined) kept.set(sql, made)
    inUse.add(made)
    return made
  }

  const giveBack = (one: Kept): void => {
    if (!inUse.delete(one)) return
    one.isUsed = false
    if (kept.get(one.sql) !== one) {
      one.statement.finalize()
      return
    }
    // Says again what the last step said: not news.
    reset(one.pointer)
    clear(one.pointer)
  }

  const bind = (one: Kept, given: readonly SqlValue[]): void => {
    for (let at = 0; at < given.length; at++) {
      const resultCode = values.bind(one.pointer, at + 1, given[at] as SqlValue)
      if (resultCode !== 0) fail(resultCode)
    }
  }

  /** Whether there is a row. */
  const advance = (one: Kept): boolean => {
    if (isClosed) fail(misuse)
    enter()
    const resultCode: number = step(one.pointer)
    if (resultCode === resultRow) return true
    return resultCode === resultDone ? false : fail(resultCode)
  }

  const rowOf = <Row extends SqlRow>(one: Kept): Row => {
    one.columns ??= columnsOf(sqlite3, one.pointer)
    return one.columns.row(one.pointer) as Row
  }

  /** What the VFS gives SQLite for the file, called as SQLite does. */
  const onFile = <Value>(work: (call: FileCall, at: number) => Value): Value => {
    if (isClosed) fail(misuse)
    enter()
    const { wasm: memory } = sqlite3
    const scope = memory.scopedAllocPush()
    try {
      const place = memory.scopedAlloc(8)
      const found = capi.sqlite3_file_control(
        db.pointer as never,
        'main',
        capi.SQLITE_FCNTL_FILE_POINTER,
        place,
      )
      if (found !== 0) fail(found)
      const file = memory.peekPtr(place) as number
      const methods = new capi.sqlite3_io_methods(new capi.sqlite3_file(file).$pMethods)
      const call: FileCall = (name, ...given) => {
        const entry = memory.functionEntry(Reflect.get(methods, `$${name}`))
        const resultCode = entry?.(file, ...given)
        if (resultCode !== 0) fail(resultCode ?? misuse)
      }
      return work(call, place as number)
    } finally {
      memory.scopedAllocPop(scope)
    }
  }

  return {
    fileBytes: () =>
      onFile((call, at) => {
        call('xFileSize', at)
        return Number(wasm.peek(at as never, 'i64'))
      }),
    readFile: (offset, length) =>
      onFile((call) => {
        const buffer = wasm.scopedAlloc(length) as number
        call('xRead', buffer, length, BigInt(offset))
        return wasm.heap8u().slice(buffer, buffer + length) as Uint8Array<ArrayBuffer>
      }),
    *rows<Row extends SqlRow>(sql: string, ...given: readonly SqlValue[]): Generator<Row> {
      const one = borrow(sql)
      try {
        bind(one, given)
        while (advance(one)) yield rowOf<Row>(one)
      } finally {
        giveBack(one)
      }
    },
    first<Row extends SqlRow>(sql: string, ...given: readonly SqlValue[]): Row | null {
      const one = borrow(sql)
      try {
        bind(one, given)
        return advance(one) ? rowOf<Row>(one) : null
      } finally {
        giveBack(one)
      }
    },
    run(sql, ...given) {
      const one = borrow(sql)
      try {
        bind(one, given)
        // A statement that gives rows (a pragma, `returning`) is run to its end.
        while (advance(one));
        return capi.sqlite3_changes(db)
      } finally {
        giveBack(one)
      }
    },
    script(sql) {
      if (isClosed) fail(misuse)
      guard(() => db.exec(sql))
    },
    [Symbol.dispose]() {
      if (isClosed) return
      enter()
      isClosed = true
      for (const { statement } of new Set([...kept.values(), ...inUse])) statement.finalize()
      kept.clear()
      inUse.clear()
      db.close()
    },
  }
}
