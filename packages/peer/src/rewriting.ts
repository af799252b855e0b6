/**
 * What writes one's own feed anew: after a lost disk, of two branches, under another key. Seldom, so a browser loads it then.
 *
 * @module
 */
export { beginAnew } from './begin-anew.ts'
export { healFork, healPieces } from './heal.ts'
export { assertSealable, recastFeed } from './private-feed/recast.ts'
export { writeAnew } from './write-anew.ts'
