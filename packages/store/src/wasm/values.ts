/**
 * Values into the module's memory, and rows out of it.
 *
 *     null | number | string | bytes ─bind▶ statement ─columns▶ the same again
 *
 * Numbers are bound as `node:sqlite` binds them, as doubles that the column's affinity makes whole; whole ones come back as
 * doubles too, which hold what SQL gives up to 2^53 and cost no bigint.
 *
 * @module
 */
import type { Sqlite3Static } from '@sqlite.org/sqlite-wasm'
import type { SqlRow, SqlValue } from '../sqlite.ts'

export interface Values {
  /** `at` counts from 1. Gives SQLite's result code; 0 is success. */
  bind(statement: number, at: number, value: SqlValue): number
}

export interface Columns {
  /** Of the row that the statement stands at. */
  row(statement: number): SqlRow
}

/** What the module exports, without the package's wrappers. Pointers are numbers. */
interface Module {
  sqlite3_bind_null(statement: number, at: number): number
  sqlite3_bind_double(statement: number, at: number, value: number): number
  sqlite3_bind_text(statement: number, at: number, from: number, length: number, destroy: number): number
  sqlite3_bind_blob(statement: number, at: number, from: number, length: number, destroy: number): number
  sqlite3_column_count(statement: number): number
  sqlite3_column_type(statement: number, column: number): number
  sqlite3_column_double(statement: number, column: number): number
  sqlite3_column_text(statement: number, column: number): number
  sqlite3_column_blob(statement: number, column: number): number
  sqlite3_column_bytes(statement: number, column: number): number
}

/** Longer texts and bytes get memory of their own, which SQLite takes over. */
const scratchBytes: number = 16 * 1024

/** `SQLITE_TRANSIENT`: SQLite copies it. */
const transient = -1

const integer = 1
const float = 2
const text = 3
const blob = 4

const scratches = new WeakMap<Sqlite3Static, number>()

export function valuesOf(sqlite3: Sqlite3Static): Values {
  const { wasm, capi } = sqlite3
  const module: Module = wasm.exports
  const scratch = scratches.get(sqlite3) ?? wasm.alloc(scratchBytes)
  scratches.set(sqlite3, scratch)
  const encoder = new TextEncoder()
  const dealloc = Number(capi.SQLITE_WASM_DEALLOC)

  function bindText(statement: number, at: number, value: string): number {
    // At most three bytes for each unit of UTF-16.
    const most = value.length * 3
    if (most <= scratchBytes) {
      const { written } = encoder.encodeInto(value, wasm.heap8u().subarray(scratch, scratch + most))
      return module.sqlite3_bind_text(statement, at, scratch, written, transient)
    }
    const memory = wasm.alloc(most)
    const { written } = encoder.encodeInto(value, wasm.heap8u().subarray(memory, memory + most))
    return module.sqlite3_bind_text(statement, at, memory, written, dealloc)
  }

  function bindBytes(statement: number, at: number, value: Uint8Array): number {
    if (value.length <= scratchBytes) {
      wasm.heap8u().set(value, scratch)
      return module.sqlite3_bind_blob(statement, at, scratch, value.length, transient)
    }
    const memory = wasm.alloc(value.length)
    wasm.heap8u().set(value, memory)
    return module.sqlite3_bind_blob(statement, at, memory, value.length, dealloc)
  }

  return {
    bind(statement, at, value) {
      if (typeof value === 'number') return module.sqlite3_bind_double(statement, at, value)
      if (typeof value === 'string') return bindText(statement, at, value)
      return value === null ? module.sqlite3_bind_null(statement, at) : bindBytes(statement, at, value)
    },
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Of a statement's rows. */
export function columnsOf({ wasm, capi }: Sqlite3Static, statement: number): Columns {
  const module: Module = wasm.exports
  const names = Array.from({ length: module.sqlite3_column_count(statement) }, (_, column) =>
    capi.sqlite3_column_name(statement, column),
  )

  function value(statement: number, column: number): SqlValue {
    const type = module.sqlite3_column_type(statement, column)
    if (type === integer || type === float) return module.sqlite3_column_double(statement, column)
    if (type !== text && type !== blob) return null
    // The pointer first: asking for it may convert the value.
    const from =
      type === text
        ? module.sqlite3_column_text(statement, column)
        : module.sqlite3_column_blob(statement, column)
    const to = from + module.sqlite3_column_bytes(statement, column)
    const heap = wasm.heap8u()
    return type === text ? decoder.decode(heap.subarray(from, to)) : heap.slice(from, to)
  }

  return {
    row(statement) {
      const row: SqlRow = {}
      for (let column = 0; column < names.length; column++)
        row[names[column] as string] = value(statement, column)
      return row
    },
  }
}
