/**
 * That somebody was here before, and by which way they come back: it outlives the moment in which this browser gets its
 * keys, and a page that is loaded again.
 *
 *     null ─begin▶ choose ─▶ device │ words │ friends │ file ─▶ fetching ─end▶ null
 *
 * @module
 */
import { useSyncExternalStore } from 'react'

export type RestoreStep = 'choose' | 'device' | 'words' | 'friends' | 'file' | 'fetching'

const steps: readonly string[] = ['choose', 'device', 'words', 'friends', 'file', 'fetching']
const storageKey = 'effigy-restore'
const listeners = new Set<() => void>()

/** A file that was chosen before there were keys. */
let file: File | null = null

export const pendingFile = (): File | null => file

/** Null: nobody restores anything. */
export function restoreStep(): RestoreStep | null {
  const kept = sessionStorage.getItem(storageKey)
  return kept !== null && steps.includes(kept) ? (kept as RestoreStep) : null
}

export function goRestoring(step: RestoreStep | null, chosen: File | null = null): void {
  file = chosen
  if (step === null) sessionStorage.removeItem(storageKey)
  else sessionStorage.setItem(storageKey, step)
  for (const tell of listeners) tell()
}

export function useRestoreStep(): RestoreStep | null {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, restoreStep)
}
