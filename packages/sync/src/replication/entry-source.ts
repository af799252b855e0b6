/**
 * Gives entries alone, by their names (spec R9).
 *
 *     getentry ─▶ entries {sizes}: 0 for what is not here or not theirs to have … {end}
 *
 * @module
 */
import type { RawCid } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { GetEntry } from '../messages.ts'
import { readCids } from '../messages-bytes.ts'
import { type Effects, maxOpenLists, type Producer, takeTurns } from './effects.ts'
import type { Sharing } from './sharing.ts'

export interface EntrySourcePorts {
  readonly store: Pick<Store, 'entry' | 'brokenEntry'>
  readonly sharing: Sharing
  readonly effects: Pick<Effects, 'send' | 'wake' | 'end'>
}

export interface EntrySource extends Producer {
  request(message: GetEntry, bytes: Uint8Array): void
  cancel(id: number): void
}

/** Entries of one frame: some ms of reading. */
const frameBytes: number = 256 * 1024

export function createEntrySource({ store, sharing, effects }: EntrySourcePorts): EntrySource {
  const open = new Map<number, Producer>()

  function shared(cid: RawCid): Uint8Array {
    const stored = store.entry(cid)
    // What breaks its feed proves that itself, and `brokenat` has named it.
    const given = stored === null ? store.brokenEntry(cid) : stored.verified ? stored.signed : null
    return given !== null && sharing.feed(given.entry.identity) ? given.bytes : new Uint8Array(0)
  }

  return {
    request({ id }, bytes) {
      if (open.size >= maxOpenLists) {
        effects.send({ type: 'error', re: id, code: 'busy', retry: 1_000 })
        return
      }
      const cids = readCids(bytes)
      if (cids === null) {
        effects.end('bad-message')
        return
      }
      let next = 0
      open.set(id, {
        pull() {
          const parts: Uint8Array[] = []
          let size = 0
          while (next < cids.length && size < frameBytes) {
            const entry = shared(cids[next++] as RawCid)
            parts.push(entry)
            size += entry.length
          }
          const end = next === cids.length
          if (end) open.delete(id)
          const sizes = parts.map(({ length }) => length)
          return { message: { type: 'entries', re: id, end, sizes }, bytes: parts }
        },
      })
      effects.wake()
    },
    cancel: (id) => void open.delete(id),
    pull: () => takeTurns(open),
  }
}
