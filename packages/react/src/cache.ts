/**
 * One subscription for all components that ask the same (`key`) of one peer.
 *
 *     component ─┐
 *     component ─┴─ key ─▶ entry { snapshot } ◀─emit─ source.run(signal)        nobody for graceMs ─▶ the signal
 *
 * Rendering may be begun and thrown away, so an entry that nobody subscribes to goes by itself, and one that is left
 * stays for a moment: who comes back, as StrictMode does at once, finds it running.
 *
 * @module
 */
import { QueryError, queryError } from './answer.ts'
import { createTurns } from './turns.ts'

/** `pending`: nothing to show yet; `failed`: whoever asks again begins anew. */
export interface Shown {
  readonly type: string
}

export interface Source<Snapshot extends Shown> {
  /** What is shown until there is something. */
  readonly initial: (wait: Wait) => Snapshot
  /** Emits until the signal; what it throws before is shown by `failed`, and so is an end. */
  readonly run: (emit: (next: Snapshot) => void, signal: AbortSignal, wait: Wait) => Promise<void>
  readonly failed: (error: QueryError, last: Snapshot) => Snapshot
  /** One of many small ones that may be left as it is for a while, when too many run. */
  readonly mayPause?: boolean
}

/** See `Pending`. */
export type Wait = () => Promise<void>

export interface Cache {
  /** The same object until there is something else to show. Starts nothing. */
  snapshot<Snapshot extends Shown>(key: string, source: Source<Snapshot>): Snapshot
  /** Starts it for the first who listens. */
  subscribe<Snapshot extends Shown>(key: string, source: Source<Snapshot>, listener: () => void): () => void
  /** Entries there are, and how many of them run. */
  readonly size: { readonly entries: number; readonly running: number }
}

interface Entry {
  readonly key: string
  readonly source: Source<Shown>
  snapshot: Shown
  readonly listeners: Set<() => void>
  /** Null: not started, or paused. Aborted: over. */
  run: AbortController | null
  /** A suspended component was given its promise. */
  isAwaited: boolean
  timer: ReturnType<typeof setTimeout> | null
  settled: PromiseWithResolvers<void>
}

/** ms: React renders what failed within this, and a person who tries again takes longer. */
const failedMs = 250

/** ms that a suspended component is waited for: it may have gone without a word, and asks again if it did not. */
const suspendedMs = 30_000

/** Sources that may pause and run at once: the port of a peer takes some hundred calls, and each is asked after each change. */
export const maxLive = 200

export function createCache(graceMs: number): Cache {
  const entries = new Map<string, Entry>()
  const turns = createTurns<Entry>({
    limit: maxLive,
    start: run,
    pause(entry) {
      entry.run?.abort()
      entry.run = null
    },
  })

  function entryOf(key: string, source: Source<Shown>): Entry {
    const found = entries.get(key)
    if (found !== undefined) return found
    const entry: Entry = {
      key,
      source,
      snapshot: source.initial(() => wait(entry)),
      listeners: new Set(),
      run: null,
      isAwaited: false,
      timer: null,
      settled: Promise.withResolvers(),
    }
    entries.set(key, entry)
    releaseAfter(entry, graceMs)
    return entry
  }

  function start(entry: Entry): void {
    if (entry.run !== null) return
    if (entry.source.mayPause === true) turns.enter(entry)
    else run(entry)
  }

  function run(entry: Entry): void {
    const over = new AbortController()
    entry.run = over
    const emit = (next: Shown): void => {
      if (over.signal.aborted || next === entry.snapshot) return
      const last = entry.snapshot
      entry.snapshot = next
      if (next.type !== 'pending') entry.settled.resolve()
      else if (last.type !== 'pending') {
        entry.settled = Promise.withResolvers()
        entry.isAwaited = false
      }
      // Nobody has seen it yet but a component that is suspended, or a boundary that is about to show it.
      if (next.type === 'failed' && entry.listeners.size === 0) releaseAfter(entry, failedMs)
      for (const listener of [...entry.listeners]) listener()
      if (last.type === 'pending' && next.type === 'ready') turns.answered(entry)
    }
    const fail = (error: QueryError): void => {
      if (over.signal.aborted) return
      emit(entry.source.failed(error, entry.snapshot))
      over.abort()
      turns.leave(entry)
    }
    entry.source
      .run(emit, over.signal, () => wait(entry))
      .then(
        () => fail(new QueryError('closed', 'The peer is closed.')),
        (error: unknown) => fail(queryError(error)),
      )
  }

  function wait(entry: Entry): Promise<void> {
    if (!entry.isAwaited) {
      entry.isAwaited = true
      start(entry)
      if (entry.listeners.size === 0) releaseAfter(entry, Math.max(graceMs, suspendedMs))
      entry.settled.promise.then(() => {
        if (entry.listeners.size === 0 && entry.snapshot.type === 'ready') releaseAfter(entry, graceMs)
      }, undefined)
    }
    return entry.settled.promise
  }

  function releaseAfter(entry: Entry, ms: number): void {
    if (entry.timer !== null) clearTimeout(entry.timer)
    entry.timer = setTimeout(() => release(entry), ms)
  }

  function release(entry: Entry): void {
    if (entry.listeners.size > 0) return
    if (entry.timer !== null) clearTimeout(entry.timer)
    if (entries.get(entry.key) === entry) entries.delete(entry.key)
    entry.run?.abort()
    turns.leave(entry)
    // Who is suspended still renders again, and asks anew.
    entry.settled.resolve()
  }

  return {
    snapshot: <Snapshot extends Shown>(key: string, source: Source<Snapshot>) =>
      entryOf(key, erased(source)).snapshot as Snapshot,
    subscribe(key, source, listener) {
      const entry = entryOf(key, erased(source))
      entry.listeners.add(listener)
      if (entry.timer !== null) clearTimeout(entry.timer)
      entry.timer = null
      start(entry)
      return () => {
        entry.listeners.delete(listener)
        if (entry.listeners.size === 0) releaseAfter(entry, entry.snapshot.type === 'failed' ? 0 : graceMs)
      }
    },
    get size() {
      const running = [...entries.values()].filter(({ run }) => run !== null && !run.signal.aborted)
      return { entries: entries.size, running: running.length }
    },
  }
}

/** A key has one source, so what comes out is what it put in; the cache looks at its type alone. */
const erased = <Snapshot extends Shown>(source: Source<Snapshot>): Source<Shown> =>
  source as unknown as Source<Shown>

/** Resolves with the signal. */
export function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal.aborted) resolve()
  else signal.addEventListener('abort', () => resolve(), { once: true })
  return promise
}
