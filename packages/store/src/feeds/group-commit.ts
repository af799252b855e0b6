/**
 * Many writers share one sync of the disk (spec S9).
 *
 *     publish, publish, publish ─one turn of the event loop▶ one durable transaction ─▶ all acknowledged
 *
 * @module
 */
import type { HeadRecord, Identity } from '@effigy/core'
import type { FeedStore, OwnEntry } from '../store.ts'

export interface GroupCommit {
  /** Resolves once the entry is on the medium; rejects, with all of its turn, when the medium fails. In order. */
  publish(entry: OwnEntry, record: HeadRecord): Promise<void>
}

/** `schedule` runs its argument at the end of this turn; by default a timer of 0 ms. */
export function createGroupCommit(
  store: Pick<FeedStore, 'appendOwnAll'>,
  schedule: (flush: () => void) => void = (flush) => void setTimeout(flush, 0),
): GroupCommit {
  let waiting: {
    readonly entry: OwnEntry
    readonly record: HeadRecord
    readonly done: PromiseWithResolvers<void>
  }[] = []

  const flush = (): void => {
    const group = waiting
    waiting = []
    const appends = new Map<Identity, { entries: OwnEntry[]; record: HeadRecord }>()
    for (const { entry, record } of group) {
      const { identity } = record.head
      const append = appends.get(identity)
      if (append === undefined) appends.set(identity, { entries: [entry], record })
      else {
        append.entries.push(entry)
        append.record = record
      }
    }
    try {
      store.appendOwnAll([...appends.values()])
    } catch (cause) {
      for (const { done } of group) done.reject(cause)
      return
    }
    for (const { done } of group) done.resolve()
  }

  return {
    publish(entry, record) {
      const done = Promise.withResolvers<void>()
      if (waiting.length === 0) schedule(flush)
      waiting.push({ entry, record, done })
      return done.promise
    },
  }
}
