/**
 * Work that may trail the rest: search, private payloads, hidden bytes whose time has come.
 *
 *     commit ─▶ wake ─▶ slice ─▶ pause ─▶ slice ─▶ … ─▶ nothing left
 *
 * Slices are short, so that the peer stays responsive, and nothing is lost when it stops in between.
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'

/** Entries indexed for search in one slice: some 10 ms of work. */
const searchSlice = 500

/** Pause between slices, ms: others get the larger part of the time. */
const pauseMs = 10

/** Without anything new to show, ms: what people wait for comes first. A long sync tells of some every 300 ms. */
const settleMs = 600

/** Between two slices while that goes on, ms: a long sync does not leave search behind for good. */
const busyMs = 5_000

/** Signatures of so many entries are checked in no time: they hold nothing up. */
const fewUnverified = 512

/**
 * Between two slices while more of them are checked, ms. The threads that check have all processors then, since trust
 * comes before search; and where they are slow, search still gets on.
 */
const checkingMs = 2_000

/** Between two looks whether they are checked, ms. */
const lookMs = 500

/** Without a verdict, ms: nobody checks them now, and nothing is to be left to anybody. */
const stalledMs = 2_000

/** After the medium failed, ms. */
const againMs = 60_000

export interface Background extends Disposable {
  /** There may be something to do. `isShown`: in what the views show. */
  wake(isShown: boolean): void
  /** Entries that search does not know yet, as far as is known. */
  readonly unsearchable: number
  /** It will look again soon: `unsearchable` may be old. */
  readonly isDue: boolean
}

export interface BackgroundDeps {
  readonly clock: Clock
  readonly log: Log
  /** `unsearchable` or `isDue` says something else now. */
  readonly changed: () => void
  /** What was found by nothing before is found now: in the end, and now and then where that takes long. */
  readonly found: () => void
}

export function startBackground(
  store: Pick<Store, 'indexSearch' | 'unverifiedCount'>,
  { clock, log, changed, found }: BackgroundDeps,
): Background {
  let timer: Disposable | null = null
  let unsearchable = 0
  let over = false
  let changedMs = clock.monotonic()
  let workedMs = changedMs
  let foundMs = changedMs
  /** Signatures that waited at the last look, and when that was another number. */
  let unverified = 0
  let checkedMs = changedMs

  function schedule(ms: number): void {
    if (timer !== null || over) return
    timer = clock.after(ms, () => {
      timer = null
      if (!over) look()
    })
  }

  function look(): void {
    try {
      const restMs = restFor()
      if (restMs > 0) schedule(restMs)
      else slice()
    } catch (cause) {
      // Search that trails is no reason to end the process.
      if (!(cause instanceof EffigyError)) throw cause
      log.warn('search.failed', { code: cause.code })
      schedule(againMs)
    }
  }

  /** Ms until it is to look again; 0: it may work now. */
  function restFor(): number {
    const nowMs = clock.monotonic()
    const restedMs = nowMs - workedMs
    if (nowMs - changedMs < settleMs && restedMs < busyMs) return settleMs
    const left = store.unverifiedCount()
    if (left !== unverified) checkedMs = nowMs
    unverified = left
    const isChecking = left > fewUnverified && nowMs - checkedMs < stalledMs
    return isChecking && restedMs < checkingMs ? lookMs : 0
  }

  function slice(): void {
    try {
      unsearchable = store.indexSearch(searchSlice).behind
    } finally {
      workedMs = clock.monotonic()
    }
    if (unsearchable > 0) schedule(pauseMs)
    changed()
    if (unsearchable > 0 && workedMs - foundMs < busyMs) return
    foundMs = workedMs
    found()
  }

  schedule(0)
  return {
    wake(isShown) {
      if (isShown) changedMs = clock.monotonic()
      schedule(settleMs)
    },
    get unsearchable() {
      return unsearchable
    },
    get isDue() {
      return timer !== null
    },
    [Symbol.dispose]() {
      over = true
      timer?.[Symbol.dispose]()
    },
  }
}
