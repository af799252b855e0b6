/**
 * Whether the browser has a network at all.
 *
 * @module
 */
import { useSyncExternalStore } from 'react'

function subscribe(changed: () => void): () => void {
  addEventListener('online', changed)
  addEventListener('offline', changed)
  return () => {
    removeEventListener('online', changed)
    removeEventListener('offline', changed)
  }
}

const isOnline = (): boolean => navigator.onLine

export function useOnline(): boolean {
  return useSyncExternalStore(subscribe, isOnline)
}
