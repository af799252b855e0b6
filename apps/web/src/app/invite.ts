/**
 * An invite that led here, from the address of this page until it was used (spec W2).
 *
 *     #effigy-invite-1-… ─read─▶ kept, and gone from the address ─joined▶ forgotten
 *
 * @module
 */
import { type InviteCode, type InviteCodeFault, parseInviteCode, type Result } from '@effigy/core'
import { sha256 } from '@noble/hashes/sha2.js'

/** In `localStorage`: a browser may be closed in the middle of a first run. */
const storageKey = 'effigy-invite'

export function readInvite(text: string): Result<InviteCode, InviteCodeFault> {
  return parseInviteCode(text, { nowMs: Date.now(), sha256 })
}

/** Takes what stands behind the `#`, so that it is in no history and no picture of the screen. */
export function takeInvite(): void {
  const code = location.hash.slice(1)
  if (!code.startsWith('effigy-invite-')) return
  history.replaceState(history.state, '', `${location.pathname}${location.search}`)
  localStorage.setItem(storageKey, code)
  tell()
}

export function pendingInvite(): string | null {
  return localStorage.getItem(storageKey)
}

export function forgetInvite(): void {
  localStorage.removeItem(storageKey)
  tell()
}

const listeners = new Set<() => void>()

function tell(): void {
  for (const listener of listeners) listener()
}

export function subscribeInvite(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
