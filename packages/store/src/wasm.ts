/**
 * The SQLite port over sqlite-wasm, for whoever brings a VFS (spec S50).
 *
 * @module
 */
export { connectWasm, type WasmConnectionOptions } from './wasm/connection.ts'
