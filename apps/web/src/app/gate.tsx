/**
 * Which part of the app is there, by how far this browser's data is.
 *
 *     starting ─▶ new: first run ─▶ open: the app          locked: passphrase          failed: why, and what to do
 *     where there are no keys for sure, the first run is shown from the start
 *     /n/…: a public note, where there is no account yet
 *     /admin/: the pages of whoever runs the hub, whatever is here
 *
 * @module
 */
import type { StorageFacts } from '@effigy/peer/page'
import { PeerProvider, usePagePeer } from '@effigy/react'
import { Box } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { untell } from '../components/tell.ts'
import classes from './app.module.css'
import { Failed } from './failed.tsx'
import { late } from './late.tsx'
import { Administration, isOperator, loadNext, Own, PublicNote } from './load-first.ts'
import { usePage } from './page-context.ts'
import { Welcome } from './parts.ts'
import { publicNoteOf } from './public-note.ts'
import { noteStanding, useStanding } from './standing.ts'
import { Silent, Starting } from './starting.tsx'

const Locked = late(async () => (await import('../screens/locked/locked-screen.tsx')).Screen)

export interface GateProps {
  /** There are no keys in this browser yet. */
  readonly isNew: boolean
}

export function Gate({ isNew }: GateProps): ReactNode {
  return isOperator ? <Administration /> : <OwnGate isNew={isNew} />
}

function OwnGate({ isNew }: GateProps): ReactNode {
  const page = usePage()
  const state = usePagePeer(page)
  const { type } = state
  const isStanding = useStanding()
  // Until there were keys once: who locks them later comes back to them.
  const [mayBeNew, setMayBeNew] = useState(isNew)
  const wasOpen = useRef(false)
  useEffect(() => {
    if (type === 'starting') return
    if (type !== 'new') setMayBeNew(false)
    if (type !== 'open') noteStanding()
    if (type === 'open') wasOpen.current = true
    else {
      // What was told, and could still be taken back, is not for whoever comes to this browser next.
      if (wasOpen.current) untell()
      navigator.clearAppBadge?.().catch(() => {})
    }
  }, [type])
  // Not before the first run is painted, and whoever came can write.
  const isNext = type === 'new' && isStanding
  useEffect(() => {
    if (isNext) loadNext()
  }, [isNext])
  // While another tab takes over, what was shown stays.
  const { peer } = page
  if (state.type === 'starting' && peer === null)
    return mayBeNew ? <FirstSight storage={null} /> : <Starting {...state} />
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
          {state.type === 'starting' && state.isSilent && (
            // What is being written stays.
            <Box pos="sticky" top={0} className={classes.silent ?? ''}>
              <Silent />
            </Box>
          )}
          <Own />
        </PeerProvider>
      )
  }
}

interface FirstSightProps {
  /** Null: it is not known yet. */
  readonly storage: StorageFacts | null
}

/** Whoever was sent the link of a note reads it first. */
function FirstSight({ storage }: FirstSightProps): ReactNode {
  const [note, setNote] = useState(() => publicNoteOf(location.pathname))
  if (note === null) return <Welcome storage={storage} hasKeys={false} />

  function begin(author: string): void {
    // Once there is an account, it goes on with who wrote the note.
    history.replaceState(history.state, '', `/p/${author}`)
    setNote(null)
  }

  return <PublicNote name={note} begin={() => begin(note.identity)} />
}
