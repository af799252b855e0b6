/**
 * What is about to be deleted: hidden at once, gone after a moment, so that a slip can be taken back.
 *
 *     leave(cid, act) ─8 s │ the page is left▶ act()        takeBack(cid): nothing happened
 *
 * @module
 */
import type { RawCid } from '@effigy/core'
import type { Item } from '@effigy/react'
import { useSyncExternalStore } from 'react'

/** ms to change one's mind. */
export const undoMs = 8_000

interface Leaving {
  readonly timer: ReturnType<typeof setTimeout>
  readonly act: () => void
}

const leaving = new Map<RawCid, Leaving>()
const listeners = new Set<() => void>()

function tell(): void {
  for (const listener of listeners) listener()
}

/** Runs `act` in a moment. It stays hidden until `end` is called: the peer tells of it a moment later. */
export function leave(cid: RawCid, act: () => Promise<void>): void {
  const run = (): void => {
    const one = leaving.get(cid)
    if (one === undefined) return
    clearTimeout(one.timer)
    leaving.set(cid, { ...one, act: () => {} })
    void act().finally(() => {
      leaving.delete(cid)
      tell()
    })
  }
  leaving.set(cid, { timer: setTimeout(run, undoMs), act: run })
  tell()
}

/** Whether it was still time. */
export function takeBack(cid: RawCid): boolean {
  const one = leaving.get(cid)
  if (one === undefined) return false
  clearTimeout(one.timer)
  leaving.delete(cid)
  tell()
  return true
}

/** Whether a note was just deleted here, and is not to be shown. */
export function useIsLeaving(cid: RawCid): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => leaving.has(cid),
  )
}

let asked: Item | null = null
const askers = new Set<() => void>()

/** Asks the person how, and does it; null closes the question. */
export function askToDelete(item: Item | null): void {
  asked = item
  for (const listener of askers) listener()
}

export function useAskedToDelete(): Item | null {
  return useSyncExternalStore(
    (listener) => {
      askers.add(listener)
      return () => askers.delete(listener)
    },
    () => asked,
  )
}

// Who leaves the page meant it.
globalThis.addEventListener?.('pagehide', () => {
  for (const { act } of [...leaving.values()]) act()
})
