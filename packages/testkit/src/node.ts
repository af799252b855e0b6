// The inputs for decoders are here too: tests that read vectors want both.
export * from './corruption.ts'
export type { Fault, Step, StepKind } from './disk.ts'
export type { Keep } from './disk-file.ts'
export { SqliteFailure } from './disk-sqlite.ts'
export * from './faulty-disk.ts'
export * from './hostile-json.ts'
export * from './vectors.ts'
