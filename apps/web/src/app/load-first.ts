/**
 * What is shown first is fetched while worker and words are on their way, and what comes after it while a person reads.
 *
 *     no keys here ─▶ first run and what reads an invite, or the note of a link          keys ─▶ what stands around all screens, and Home where it is asked for
 *     /admin/ ─▶ the pages of whoever runs the hub
 *
 * @module
 */
import { pendingInvite } from './invite-place.ts'
import { type Late, late, loadSoon } from './late.tsx'
import { Home, Welcome } from './parts.ts'
import { publicNoteOf } from './public-note.ts'

export const Administration = late(
  async () => (await import('../screens/administration/administration-screen.tsx')).Screen,
)
export const Own = late(async () => (await import('./own.tsx')).Own)
export const PublicNote = late(
  async () => (await import('../screens/public-note/public-note-screen.tsx')).Screen,
)

/** Operators need no account here. */
export const isOperator = /^\/admin\/?$/.test(location.pathname)

/** Resolves when it is there, or cannot be had now: then it is asked for again when it is shown. */
export async function loadFirst(isNew: boolean): Promise<void> {
  const reading = isNew && pendingInvite() !== null ? [import('./join-invite/read-invite.ts')] : []
  await Promise.allSettled([...reading, ...firstOf(isNew).map((part) => part.load())])
}

/** While somebody writes their name, or reads a note; returns at once. */
export function loadNext(): void {
  loadSoon([Welcome, Own, Home])
}

function firstOf(isNew: boolean): readonly Pick<Late<never>, 'load'>[] {
  if (isOperator) return [Administration]
  if (isNew) return [publicNoteOf(location.pathname) === null ? Welcome : PublicNote]
  return location.pathname === '/' ? [Own, Home] : [Own]
}
