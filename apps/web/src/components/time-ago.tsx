/**
 * When something was said: short, and whole in its title; goes on by itself.
 *
 * @module
 */
import { type ReactNode, useSyncExternalStore } from 'react'
import { formatAgo, formatDateTime } from './format.ts'

const tickMs = 30_000
const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | null = null

/** One timer for all of them. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const tell of listeners) tell()
  }, tickMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }
}

/** `at`: ms. */
export function TimeAgo({ at }: { readonly at: number }): ReactNode {
  const current = useSyncExternalStore(subscribe, () => now)
  return (
    <time dateTime={new Date(at).toISOString()} title={formatDateTime(at)}>
      {formatAgo(at, current)}
    </time>
  )
}
