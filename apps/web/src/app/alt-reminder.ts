/**
 * Whether a person wants to be reminded of pictures without a description, on this device.
 *
 * @module
 */

/** In `localStorage`; absent: no. */
const storageKey = 'effigy-alt-reminder'

export function wantsAltReminder(): boolean {
  return localStorage.getItem(storageKey) === 'on'
}

export function chooseAltReminder(isWanted: boolean): void {
  if (isWanted) localStorage.setItem(storageKey, 'on')
  else localStorage.removeItem(storageKey)
}
