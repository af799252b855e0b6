/**
 * Those who watch buckets of the embedded store.
 *
 *     pages of what is there ─▶ caught-up ─▶ changes as they are committed
 *
 * A change that comes while pages are read waits; the page that covers its key has it in already, and drops it.
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import { storageError } from '@effigy/store'
import { type Bell, createBell } from './bell.ts'
import { type HubChange, type HubPage, type ListOptions, maxPage, maxUnseenChanges } from './hub-store.ts'

export type Told = Exclude<HubChange, { readonly type: 'caught-up' }>

export interface Watchers {
  watch(bucket: string, prefix: string, signal: AbortSignal): AsyncIterable<HubChange>
  /** After the commit. */
  tell(bucket: string, change: Told): void
  /** They end with 'closed'. */
  close(): void
}

interface Watcher {
  readonly bucket: string
  readonly prefix: string
  readonly bell: Bell
  unseen: Told[]
  failure: EffigyError | null
}

/** `list` is read synchronously: nothing is committed in the middle of a page. */
export function createWatchers(list: (bucket: string, options: ListOptions) => HubPage): Watchers {
  const watchers = new Set<Watcher>()
  let isClosed = false

  async function* watch(bucket: string, prefix: string, signal: AbortSignal): AsyncGenerator<HubChange> {
    signal.throwIfAborted()
    if (isClosed) throw storageError('closed')
    const watcher: Watcher = { bucket, prefix, bell: createBell(), unseen: [], failure: null }
    watchers.add(watcher)
    try {
      yield* present(watcher, signal)
      yield { type: 'caught-up' }
      for (;;) {
        throwIfOver(watcher, signal)
        const change = watcher.unseen.shift()
        if (change === undefined) await watcher.bell.heard(signal)
        else yield change
      }
    } finally {
      watchers.delete(watcher)
    }
  }

  function* present(watcher: Watcher, signal: AbortSignal): Generator<HubChange> {
    const { bucket, prefix } = watcher
    let after: string | null = ''
    while (after !== null) {
      throwIfOver(watcher, signal)
      const from: string = after
      const page = list(bucket, { prefix, after: from, limit: maxPage })
      const { next } = page
      watcher.unseen = watcher.unseen.filter(
        (change) => keyOf(change) <= from || (next !== null && keyOf(change) > next),
      )
      for (const record of page.records) {
        throwIfOver(watcher, signal)
        yield { type: 'put', record }
      }
      after = next
    }
  }

  return {
    watch,
    tell(bucket, change) {
      for (const watcher of watchers) {
        if (watcher.bucket !== bucket || !keyOf(change).startsWith(watcher.prefix)) continue
        if (watcher.unseen.length >= maxUnseenChanges) {
          end(watcher, new EffigyError('behind', 'a watcher of records was too slow'))
        } else {
          watcher.unseen.push(change)
          watcher.bell.ring()
        }
      }
    },
    close() {
      isClosed = true
      for (const watcher of watchers) end(watcher, storageError('closed'))
    },
  }

  function end(watcher: Watcher, failure: EffigyError): void {
    watchers.delete(watcher)
    watcher.failure = failure
    watcher.unseen = []
    watcher.bell.ring()
  }
}

function throwIfOver({ failure }: Watcher, signal: AbortSignal): void {
  signal.throwIfAborted()
  if (failure !== null) throw failure
}

function keyOf(change: Told): string {
  return change.type === 'put' ? change.record.key : change.key
}
