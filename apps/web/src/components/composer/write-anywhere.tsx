/**
 * What belongs to writing on every screen: the key that begins a note, and the question before one is deleted.
 *
 * @module
 */
import { usePeer } from '@effigy/react'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { useLocation } from 'wouter'
import { useShortcut } from '../../app/shortcuts.ts'
import { useWords } from '../../words/use-words.ts'
import { resumeLeaving, useAskedToDelete } from './leaving.ts'
import { words } from './words.ts'

const DeleteNote = lazy(async () => ({ default: (await import('./delete-note.tsx')).DeleteNote }))

/** Stands once in the app. */
export function WriteAnywhere(): ReactNode {
  const t = useWords(words)
  const [, go] = useLocation()
  const item = useAskedToDelete()
  const peer = usePeer()
  useEffect(() => {
    const stop = new AbortController()
    resumeLeaving(peer, stop.signal).catch(() => {})
    return () => stop.abort()
  }, [peer])
  useShortcut('n', t('doWrite'), () => go('/new'))
  if (item === null) return null
  return (
    <Suspense fallback={null}>
      <DeleteNote key={item.cid} item={item} />
    </Suspense>
  )
}
