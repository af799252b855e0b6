/**
 * Whether the first hour is over in this browser: somebody was followed, or the steps were closed.
 *
 *     localStorage `effigy-first-hour/<account of this browser>`
 *
 * @module
 */
import { pageAccountName } from '../../app/accounts.ts'

const storageKey = (): string => `effigy-first-hour/${pageAccountName()}`

export function wasFirstHour(): boolean {
  try {
    return localStorage.getItem(storageKey()) !== null
  } catch {
    return false
  }
}

/** A browser that keeps nothing shows them again. */
export function endFirstHour(): void {
  try {
    localStorage.setItem(storageKey(), 'over')
  } catch {
    // Full, or not allowed.
  }
}
