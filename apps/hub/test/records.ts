/**
 * Records in memory, for hubs under test.
 *
 * @module
 */
import { type Clock, silentLog } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { type EmbeddedStore, openEmbeddedStore } from '../src/ports/embedded-store.ts'

/** Its clock stands still where none is given, so nothing expires, and no timer is left behind. */
export function memoryRecords(clock: Clock = createFakeClock()): EmbeddedStore {
  return openEmbeddedStore({ path: ':memory:', clock, log: silentLog })
}
