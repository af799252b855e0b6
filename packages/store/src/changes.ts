/**
 * Transactions that tell what they touched, after the commit and never during it (spec S4).
 *
 *     commit(work) ─▶ work touches feeds, views, blobs ─▶ commit ─▶ listeners
 *     extend(work), extend(work), … finish() ─▶ commit ─▶ listeners      one transaction over several turns
 *
 * SQLite writes the same pages of an index in each transaction, so that bulk sync takes few large ones. What is in an
 * open one is read like anything else; whoever else writes ends it first, so that nobody's failure takes away what
 * another was told is there.
 *
 * @module
 */
import type { Cid, Identity, Root } from '@effigy/core'
import {
  beginTransaction,
  durableTransaction,
  type OpenTransaction,
  type Sqlite,
  transaction,
} from './sqlite.ts'
import type { StoreChange } from './store.ts'

export interface Changes {
  /** Whether work of a transaction is running now, so that whoever asks is inside of it. */
  readonly isRunning: boolean
  /** Runs `work` in one transaction, or inside the call that is running, and tells the listeners after it. */
  commit<Value>(work: () => Value): Value
  /**
   * Runs `work` in a transaction that stays open until `finish`, or until anybody else commits. When `work` throws, or
   * the commit fails, all that was done since it was opened is rolled back. Its caller sees to it that it ends soon.
   */
  extend<Value>(work: () => Value): Value
  /** Within the transaction that is open, where there is one; else as `commit`. */
  join<Value>(work: () => Value): Value
  /** Commits what is open, and tells the listeners. */
  finish(): void
  /** As `commit`, and on the medium when it returns. Not inside another. */
  commitDurably<Value>(work: () => Value): Value
  touchFeed(identity: Identity): void
  touchViews(): void
  touchBlob(root: Cid): void
  touchSynod(root: Root): void
  /** Runs `work`, of which views are not told: what it takes away was out of sight before. */
  unseen<Value>(work: () => Value): Value
  watch(listener: (change: StoreChange) => void): Disposable
  /** Called at the end of each piece of work, inside its transaction. */
  beforeEnd(complete: () => void): void
  /** Called after a roll-back, so that what is remembered of the tables is read anew. */
  onRollBack(forget: () => void): void
}

/** Makes the one gate through which a connection writes: no I/O. Each `db` has one; what `work` throws comes out, rolled back. */
export function createChanges(db: Sqlite): Changes {
  const listeners = new Set<(change: StoreChange) => void>()
  const forgetters: (() => void)[] = []
  const completers: (() => void)[] = []
  let feeds = new Set<Identity>()
  let blobs = new Set<Cid>()
  let synods = new Set<Root>()
  let views = false
  let isRunning = false
  let open: OpenTransaction | null = null

  /** Runs one step of a transaction; what it threw is rolled back already. */
  const step = <Value>(work: () => Value, wasOpen = false): Value => {
    isRunning = true
    try {
      return work()
    } catch (cause) {
      isRunning = false
      for (const forget of forgetters) forget()
      // What an open one held may have been read by others: they look again.
      if (wasOpen) tell()
      else take()
      throw cause
    } finally {
      isRunning = false
    }
  }

  const tell = (): void => {
    const change = take()
    if (change !== null) for (const listener of [...listeners]) listener(change)
  }

  const inside = <Value>(run: typeof transaction, work: () => Value): Value => {
    finish()
    const value = step(() => run(db, () => completed(work)))
    tell()
    return value
  }

  const extend = <Value>(work: () => Value): Value => {
    if (isRunning) return work()
    const taken = open
    open = null
    return step(() => {
      const begun = taken ?? beginTransaction(db)
      const value = begun.run(() => completed(work))
      open = begun
      return value
    }, taken !== null)
  }

  const finish = (): void => {
    const ended = open
    if (ended === null) return
    open = null
    step(ended.commit, true)
    tell()
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
    get isRunning() {
      return isRunning
    },
    commit: (work) => (isRunning ? work() : inside(transaction, work)),
    commitDurably(work) {
      if (isRunning) throw new Error('a durable transaction cannot be part of another')
      return inside(durableTransaction, work)
    },
    extend,
    join: (work) => (isRunning ? work() : open === null ? inside(transaction, work) : extend(work)),
    finish,
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
    unseen(work) {
      const wereTouched = views
      const value = work()
      views = wereTouched
      return value
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
