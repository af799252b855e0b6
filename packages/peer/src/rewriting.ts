/**
 * What writes one's own feed anew: after a lost disk, of two branches, under another key. Seldom, or with a private
 * feed alone, so a browser loads it then.
 *
 * @module
 */
export { beginAnew } from './begin-anew.ts'
export { healFork, healPieces } from './heal.ts'
export { bringFeed, newKey } from './private-feed/bring-feed.ts'
export { createReaderList } from './private-feed/reader-list.ts'
export { assertSealable, recastFeed } from './private-feed/recast.ts'
export { writeAnew } from './write-anew.ts'
