/**
 * What is on the screen has been read, on all own devices: once it is really looked at, and a moment later.
 *
 * @module
 */
import { usePeer } from '@effigy/react'
import { useDocumentVisibility } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import { useFail } from '../../components/fault.tsx'

/** ms: several that come together are marked together. */
const settleMs = 800

export function useRead(name: string, unread: number): void {
  const peer = usePeer()
  const fail = useFail()
  const visibility = useDocumentVisibility()
  /** Looked at, and not marked yet. */
  const mark = useRef<(() => void) | null>(null)
  useEffect(() => {
    if (unread === 0 || visibility !== 'visible') return
    mark.current = () => {
      mark.current = null
      peer.conversations.markRead(name).catch(fail)
    }
    const timer = setTimeout(() => mark.current?.(), settleMs)
    return () => clearTimeout(timer)
  }, [peer, fail, name, unread, visibility])
  // Who goes at once has seen it all the same.
  useEffect(() => () => mark.current?.(), [])
}
