export type * from './ports.ts'
export * from './result.ts'
