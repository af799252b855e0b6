/**
 * Transactions that tell what they touched, after the commit and never during it (spec S4).
 *
 *     commit(work) ─▶ work touches feeds, views, blobs ─▶ commit ─▶ listeners
 *
 * @module
 */
import type { Cid, Identity, Root } from '@effigy/core'
import { durableTransaction, type Sqlite, transaction } from './sqlite.ts'
import type { StoreChange } from './store.ts'

export interface Changes {
  /** Runs `work` in one transaction, or inside the one that is running, and tells the listeners after it. */
  commit<Value>(work: () => Value): Value
  /** As `commit`, and on the medium when it returns. Not inside another. */
  commitDurably<Value>(work: () => Value): Value
  touchFeed(identity: Identity): void
  touchViews(): void
  touchBlob(root: Cid): void
  touchSynod(root: Root): void
  watch(listener: (change: StoreChange) => void): Disposable
  /** Called at the end of each piece of work, inside its transaction. */
  beforeEnd(complete: () => void): void
  /** Called after a roll-back, so that what is remembered of the tables is read anew. */
  onRollBack(forget: () => void): void
}

export function createChanges(db: Sqlite): Changes {
  const listeners = new Set<(change: StoreChange) => void>()
  const forgetters: (() => void)[] = []
  const completers: (() => void)[] = []
  let feeds = new Set<Identity>()
  let blobs = new Set<Cid>()
  let synods = new Set<Root>()
  let views = false
  let isRunning = false

  const inside = <Value>(run: typeof transaction, work: () => Value): Value => {
    isRunning = true
    let value: Value
    try {
      value = run(db, () => completed(work))
    } catch (cause) {
      take()
      for (const forget of forgetters) forget()
      throw cause
    } finally {
      isRunning = false
    }
    const change = take()
    if (change !== null) for (const listener of [...listeners]) listener(change)
    return value
  }

  const completed = <Value>(work: () => Value): Value => {
    const value = work()
    for (const complete of completers) complete()
    return value
  }

  const take = (): StoreChange | null => {
    if (feeds.size === 0 && blobs.size === 0 && synods.size === 0 && !views) return null
    const change = { feeds, views, blobs, synods }
    feeds = new Set()
    blobs = new Set()
    synods = new Set()
    views = false
    return change
  }

  return {
    commit: (work) => (isRunning ? work() : inside(transaction, work)),
    commitDurably: (work) => inside(durableTransaction, work),
    touchFeed: (identity) => {
      feeds.add(identity)
    },
    touchViews: () => {
      views = true
    },
    touchBlob: (root) => {
      blobs.add(root)
    },
    touchSynod: (root) => {
      synods.add(root)
    },
    beforeEnd: (complete) => {
      completers.push(complete)
    },
    watch(listener) {
      // A function of its own, so that one listener may be added twice.
      const own = (change: StoreChange) => listener(change)
      listeners.add(own)
      return { [Symbol.dispose]: () => void listeners.delete(own) }
    },
    onRollBack: (forget) => {
      forgetters.push(forget)
    },
  }
}
