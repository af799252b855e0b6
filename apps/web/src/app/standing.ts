/**
 * When a page has shown what a person came for: what they may need next is loaded then, and not before.
 *
 *     Home, first run ─noteStanding▶ idle ─▶ messages at the edge, service worker
 *     posts of Home ─useIdle▶ composer
 *
 * @module
 */
import { useEffect, useState, useSyncExternalStore } from 'react'

/** ms after which whatever is shown has to do. */
const patienceMs = 10_000

let isStanding = false
let isNoted = false
const listeners = new Set<() => void>()
const late = setTimeout(stand, patienceMs)

function stand(): void {
  clearTimeout(late)
  isStanding = true
  for (const tell of listeners) tell()
}

export function noteStanding(): void {
  if (isNoted) return
  isNoted = true
  whenIdle(stand)
}

/** True from the first quiet moment after `isReady`. */
export function useIdle(isReady: boolean): boolean {
  const [isIdle, setIdle] = useState(false)
  useEffect(() => {
    if (isReady) return whenIdle(() => setIdle(true))
  }, [isReady])
  return isIdle
}

/** What was rendered just now is painted first; Safari does not tell when it is idle. Returns what takes it back. */
function whenIdle(act: () => void): () => void {
  if (globalThis.requestIdleCallback === undefined) {
    const timer = setTimeout(act, 200)
    return () => clearTimeout(timer)
  }
  const asked = requestIdleCallback(act, { timeout: 1_000 })
  return () => cancelIdleCallback(asked)
}

export function useStanding(): boolean {
  return useSyncExternalStore(subscribeStanding, () => isStanding)
}

function subscribeStanding(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
