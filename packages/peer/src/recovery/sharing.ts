/**
 * What makes shares of the words, and words of shares, and asks whether they can still be opened. Seldom, so a browser loads it
 * then.
 *
 * @module
 */
export { combineGiven } from './combine.ts'
export { createRehearsing } from './rehearsing.ts'
export { splitEntropy } from './splitting.ts'
