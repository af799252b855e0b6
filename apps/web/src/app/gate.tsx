/**
 * Which part of the app is there, by how far this browser's data is.
 *
 *     starting ─▶ new: first run ─▶ open: the app          locked: passphrase          failed: why, and what to do
 *     /n/…: a public note, where there is no account yet
 *     /admin/: the pages of whoever runs the hub, whatever is here
 *
 * @module
 */
import type { StorageFacts } from '@effigy/peer/page'
import { PeerProvider, usePagePeer } from '@effigy/react'
import { lazy, type ReactNode, useState } from 'react'
import { Failed } from './failed.tsx'
import { Own } from './own.tsx'
import { usePage } from './page-context.ts'
import { publicNoteOf } from './public-note.ts'
import { Starting } from './starting.tsx'

const Welcome = lazy(async () => ({
  default: (await import('../screens/welcome/welcome-screen.tsx')).Screen,
}))
const Administration = lazy(async () => ({
  default: (await import('../screens/administration/administration-screen.tsx')).Screen,
}))
const PublicNote = lazy(async () => ({
  default: (await import('../screens/public-note/public-note-screen.tsx')).Screen,
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
      return <FirstSight storage={state.storage} />
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

/** Whoever was sent the link of a note reads it first. */
function FirstSight({ storage }: { readonly storage: StorageFacts }): ReactNode {
  const [note, setNote] = useState(() => publicNoteOf(location.pathname))
  if (note === null) return <Welcome storage={storage} />

  function begin(author: string): void {
    // Once there is an account, it goes on with who wrote the note.
    history.replaceState(history.state, '', `/p/${author}`)
    setNote(null)
  }

  return <PublicNote name={note} begin={() => begin(note.identity)} />
}
