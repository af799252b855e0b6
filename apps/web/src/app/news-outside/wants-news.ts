/**
 * Whether a person wants to be told of news by the system of this device.
 *
 * @module
 */

/** In `localStorage`. */
const storageKey = 'effigy-news-outside'

/** `impossible`: this browser has none. `refused`: the person said no to the browser, which alone can change it. */
export type NewsOutsideState = 'on' | 'off' | 'refused' | 'impossible'

export function newsOutside(): NewsOutsideState {
  if (!('Notification' in globalThis) || !('serviceWorker' in navigator)) return 'impossible'
  if (Notification.permission === 'denied') return 'refused'
  return localStorage.getItem(storageKey) === 'on' && Notification.permission === 'granted' ? 'on' : 'off'
}

export function wantsNews(): boolean {
  return newsOutside() === 'on'
}

/** Asks the browser, where it was not asked yet; gives what holds from now on. */
export async function setNewsOutside(isWanted: boolean): Promise<NewsOutsideState> {
  if (newsOutside() === 'impossible') return 'impossible'
  if (isWanted && Notification.permission === 'default') await Notification.requestPermission()
  if (isWanted && Notification.permission === 'granted') localStorage.setItem(storageKey, 'on')
  else localStorage.removeItem(storageKey)
  return newsOutside()
}
