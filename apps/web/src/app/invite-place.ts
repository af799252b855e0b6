/**
 * Where an invite that led here is kept, from the address of this page until it was used (spec W2).
 *
 *     #effigy-invite-1-… ─takeInvite▶ kept, and gone from the address ─used▶ forgotten
 *
 * @module
 */

/** In `localStorage`: a browser may be closed in the middle of a first run. */
const storageKey = 'effigy-invite'

/** What was said yes to: by the welcome screen, or later. */
const consentKey = 'effigy-invite-consent'

/** Takes what stands behind the `#`, so that it is in no history and no picture of the screen. */
export function takeInvite(): void {
  const code = location.hash.slice(1)
  if (!code.startsWith('effigy-invite-')) return
  history.replaceState(history.state, '', `${location.pathname}${location.search}`)
  openInvite(code)
}

/** One that somebody pasted or scanned, as if its link had been followed: they are asked before anything comes of it. */
export function openInvite(code: string): void {
  localStorage.setItem(storageKey, code)
  tell()
}

export function pendingInvite(): string | null {
  return localStorage.getItem(storageKey)
}

export function forgetInvite(): void {
  localStorage.removeItem(consentKey)
  localStorage.removeItem(storageKey)
  tell()
}

export function consentToInvite(): void {
  const code = pendingInvite()
  if (code !== null) localStorage.setItem(consentKey, code)
}

export function isMeant(code: string): boolean {
  return localStorage.getItem(consentKey) === code
}

const listeners = new Set<() => void>()

function tell(): void {
  for (const listener of listeners) listener()
}

export function subscribeInvite(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
