/**
 * Ignoring a stranger, with the way back at hand.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { usePeer } from '@effigy/react'
import { useFail } from '../../components/fault.tsx'
import { useTellUndo } from '../../components/undo-message.tsx'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export function useIgnore(): (name: string, from: Identity) => Promise<void> {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const tellUndo = useTellUndo()
  return async (name, from) => {
    await peer.conversations.ignore(name)
    tellUndo(t('ignored'), () => void peer.conversations.hear(from).catch(fail))
  }
}
