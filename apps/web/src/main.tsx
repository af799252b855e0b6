/**
 * The web app. The only file that knows the page, its worker and its root; everything below receives them.
 *
 *     main ─▶ App (theme, words) ─▶ Gate (how far the peer is) ─▶ Shell ─▶ screens
 *
 * @module
 */
import '@effigy/core/disposal'
import { mayHaveVault } from '@effigy/crypto/page'
import { connectPeer } from '@effigy/peer/page'
import { StrictMode, startTransition } from 'react'
import { createRoot } from 'react-dom/client'
import './app/styles.ts'
import { pageAccountName } from './app/accounts.ts'
import { App } from './app/app.tsx'
import { takeInvite } from './app/invite-place.ts'
import { loadFirst } from './app/load-first.ts'
import { takeOpenLink } from './app/open-link.ts'
import { applyTextSize } from './app/text-size.ts'
import { putOnLateStyles } from './late-styles.ts'
import { restrictScripts } from './trusted-types.ts'
import { speakWished, startWords } from './words/language.ts'

restrictScripts()
applyTextSize()
takeOpenLink()
takeInvite()
addEventListener('hashchange', takeInvite)

const place = document.getElementById('root')
if (place === null) throw new Error('index.html has no root')

/** Ms after which something is shown, whatever is still on its way: what stands in for it, and English. */
const patienceMs = 3_000

const name = pageAccountName()
const page = connectPeer({
  name,
  version: __RELEASE__,
  createWorker: () => new Worker(new URL('./peer.worker.ts', import.meta.url), { type: 'module' }),
})
void show(place)

async function speaking(): Promise<void> {
  await startWords()
  await speakWished()
}

/** No `await` of this module itself: parts that are loaded meanwhile need what stands in the same file, and would wait for it. */
async function show(within: HTMLElement): Promise<void> {
  // Whose browser this is shows long before the worker stands, and what they see first comes meanwhile.
  const isNew = !(await mayHaveVault(name))
  const all = Promise.all([speaking(), putOnLateStyles(), loadFirst(isNew)])
  await Promise.race([all, new Promise((resolve) => setTimeout(resolve, patienceMs))])
  const root = createRoot(within)
  // In small steps, between which the browser can do what else is to be done.
  startTransition(() =>
    root.render(
      <StrictMode>
        <App page={page} isNew={isNew} />
      </StrictMode>,
    ),
  )
}
