/**
 * Home while another screen is shown: as long as it was, so that who comes back is where they were.
 *
 * @module
 */
import { useTimeline } from '@effigy/react'
import { type ReactNode, useSyncExternalStore } from 'react'
import { homePageSize, timelineFilter, useHomeFilter } from './filter.ts'

let wasShown = false
const listeners = new Set<() => void>()

/** Home was there: from now on it stays. */
export function noteHome(): void {
  if (wasShown) return
  wasShown = true
  for (const tell of listeners) tell()
}

export function KeepHome(): ReactNode {
  const isKept = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => wasShown,
  )
  return isKept ? <Kept /> : null
}

/** One subscription for both: what Home has loaded, this has. */
function Kept(): ReactNode {
  const [filter] = useHomeFilter()
  useTimeline({ ...timelineFilter(filter), pageSize: homePageSize })
  return null
}
