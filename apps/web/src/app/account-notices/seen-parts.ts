/**
 * Which parts of the words of friends this person was told that they keep, on this device (spec Z23).
 *
 * @module
 */
import { pageAccountName } from '../accounts.ts'

const keyNow = (): string => `effigy-seen-parts/${pageAccountName()}`

/** Names of splittings; nothing of them tells whose they are. */
export function readSeenParts(): ReadonlySet<string> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyNow()) ?? '[]')
    return new Set(Array.isArray(value) ? value.filter((set) => typeof set === 'string') : [])
  } catch {
    return new Set()
  }
}

/** A browser that keeps nothing tells them again. */
export function keepSeenParts(sets: Iterable<string>): void {
  try {
    localStorage.setItem(keyNow(), JSON.stringify([...sets]))
  } catch {
    // Full, or not allowed.
  }
}

/** With the account. */
export function forgetSeenParts(): void {
  localStorage.removeItem(keyNow())
}
