/**
 * What people tell each other apart by: names that look alike, the number that two of them compare (spec Y42-Y45).
 *
 * @module
 */
export * from './look-alike.ts'
export * from './pictures.ts'
export { safetyDigits, safetyNumber } from './safety-number.ts'
