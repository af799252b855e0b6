/**
 * The hub as a part: `effigy hub` and tests start it from here, `main.ts` as a program of its own.
 *
 * @module
 */
export { httpOrigin, hubAddress, socketPath } from './address.ts'
export * from './config/command-line.ts'
export * from './config/config.ts'
export * from './config/options.ts'
export * from './failure.ts'
export * from './hub.ts'
