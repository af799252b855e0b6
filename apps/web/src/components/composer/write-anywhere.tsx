/**
 * What belongs to writing on every screen: the keys that begin a note, answer one and react to it, and the question before one is deleted.
 *
 * @module
 */
import { usePeer } from '@effigy/react'
import { type ReactNode, Suspense, useEffect } from 'react'
import { useLocation } from 'wouter'
import { late } from '../../app/late.tsx'
import { useOwnWriting } from '../../app/own-writing.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { useWords } from '../../words/use-words.ts'
import { resumeLeaving, useAskedToDelete } from './leaving.ts'
import { words } from './words.ts'

const DeleteNote = late(async () => (await import('./delete-note.tsx')).DeleteNote)

/** The note that the focus is on, or in. */
const focusedNote = (): HTMLElement | null => document.activeElement?.closest('article') ?? null

/** Leads to where it is answered; there, to the box. */
function answer(): void {
  const note = focusedNote()
  const way = note?.querySelector<HTMLElement>('[data-act="answer"]')
  const box = note?.querySelector('textarea') ?? document.querySelector<HTMLElement>('#screen form textarea')
  if (note?.dataset.main === undefined) way?.click()
  else box?.focus()
}

/** Opens what one can react with. */
function react(): void {
  const opener = focusedNote()?.querySelector<HTMLElement>('[data-act="react"]')
  opener?.focus()
  opener?.click()
}

/** Stands once in the app. */
export function WriteAnywhere(): ReactNode {
  const t = useWords(words)
  const [, go] = useLocation()
  const item = useAskedToDelete()
  const peer = usePeer()
  const isHindered = useOwnWriting() !== null
  // Anew as soon as this device may write, which it may not when it opens after a long time (S13).
  useEffect(() => {
    if (isHindered) return
    const stop = new AbortController()
    resumeLeaving(peer, stop.signal).catch(() => {})
    return () => stop.abort()
  }, [peer, isHindered])
  useShortcut('n', t('doWrite'), () => go('/new'))
  useShortcut('r', t('doAnswer'), answer)
  useShortcut('l', t('doReact'), react)
  if (item === null) return null
  return (
    <Suspense fallback={null}>
      <DeleteNote key={item.cid} item={item} />
    </Suspense>
  )
}
