/**
 * The web app. The only file that knows the page, its worker and its root; everything below receives them.
 *
 *     main ─▶ App (theme, words) ─▶ Gate (how far the peer is) ─▶ Shell ─▶ screens
 *
 * @module
 */
import { connectPeer } from '@effigy/peer/page'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './app/styles.ts'
import { openAccountName } from './app/accounts.ts'
import { App } from './app/app.tsx'
import { takeInvite } from './app/invite-place.ts'
import { applyTextSize } from './app/text-size.ts'
import { restrictScripts } from './trusted-types.ts'
import { startWords } from './words/language.ts'

restrictScripts()
applyTextSize()
takeInvite()
addEventListener('hashchange', takeInvite)

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no root')

const page = connectPeer({
  name: openAccountName(),
  version: __RELEASE__,
  createWorker: () => new Worker(new URL('./peer.worker.ts', import.meta.url), { type: 'module' }),
})

await startWords()
createRoot(root).render(
  <StrictMode>
    <App page={page} />
  </StrictMode>,
)
