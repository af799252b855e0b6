export * from "./result.ts"
export type * from './ports.ts'
