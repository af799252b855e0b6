/**
 * Which part of the app is there, by how far this browser's data is.
 *
 *     starting ─▶ new: first run ─▶ open: the app          locked: passphrase          failed: why, and what to do
 *     /admin/: the pages of whoever runs the hub, whatever is here
 *
 * @module
 */
import { PeerProvider, usePagePeer } from '@effigy/react'
import { lazy, type ReactNode } from 'react'
import { Failed } from './failed.tsx'
import { Own } from './own.tsx'
import { usePage } from './page-context.ts'
import { Starting } from './starting.tsx'

const Welcome = lazy(async () => ({
  default: (await import('../screens/welcome/welcome-screen.tsx')).Screen,
}))
const Administration = lazy(async () => ({
  default: (await import('../screens/administration/administration-screen.tsx')).Screen,
}))
const Locked = lazy(async () => ({ default: (await import('../screens/locked/locked-screen.tsx')).Screen }))

/** Operators need no account here. */
const isOperator = /^\/admin\/?$/.test(location.pathname)

export function Gate(): ReactNode {
  return isOperator ? <Administration /> : <OwnGate />
}

function OwnGate(): ReactNode {
  const page = usePage()
  const state = usePagePeer(page)
  // While another tab takes over, what was shown stays.
  const { peer } = page
  if (state.type === 'starting' && peer === null) return <Starting {...state} />
  switch (state.type) {
    case 'new':
      return <Welcome storage={state.storage} />
    case 'locked':
      return <Locked wrong={state.wrong} />
    case 'failed':
      return <Failed code={state.code} />
    case 'closed':
      return <Starting />
    case 'starting':
    case 'open':
      if (peer === null) return <Starting />
      return (
        <PeerProvider peer={peer}>
          <Own />
        </PeerProvider>
      )
  }
}
