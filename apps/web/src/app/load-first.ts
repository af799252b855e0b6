/**
 * What is shown first is fetched while worker and words are on their way.
 *
 *     no keys here ─▶ first run          keys ─▶ what stands around all screens, and Home where it is asked for
 *
 * @module
 */

/** Returns at once; what cannot be had now is asked for again when it is shown. */
export function loadFirst(isNew: boolean): void {
  const parts = isNew
    ? [importWelcome()]
    : [importOwn(), ...(location.pathname === '/' ? [importHome()] : [])]
  for (const part of parts) part.catch(() => {})
}

/** While somebody writes their name. */
export function loadNext(): void {
  for (const part of [importOwn(), importHome()]) part.catch(() => {})
}

export const importWelcome = () => import('../screens/welcome/welcome-screen.tsx')
export const importOwn = () => import('./own.tsx')
const importHome = () => import('../screens/home/home-screen.tsx')
