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
  return localStorage.getItem(storageKey()) !== null
}

export function endFirstHour(): void {
  localStorage.setItem(storageKey(), 'over')
}
