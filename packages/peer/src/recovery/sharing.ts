/**
 * What makes shares of the words, and words of shares. Seldom, so a browser loads it then.
 *
 * @module
 */
export { combineGiven } from './combine.ts'
export { splitEntropy } from './splitting.ts'
