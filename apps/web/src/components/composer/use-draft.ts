/**
 * The draft of what is written here: found again, kept every second, given to own devices when one leaves.
 *
 * @module
 */
import type { RemotePeer } from '@effigy/peer/page'
import { useEffect, useRef, useState } from 'react'
import { createDraftLine, type Draft, type DraftName, findDraft, isEmpty } from './drafts.ts'

/** ms between two times that it is kept. */
const keepMs = 1_000

export interface UseDraft {
  /** It was sent, or thrown away: nothing of it stays, on no device. */
  readonly forget: () => Promise<void>
}

/** `name` null: nothing is kept. `onFound` is called once at most, and not when somebody writes already. */
export function useDraft(
  peer: RemotePeer,
  name: DraftName | null,
  draft: Draft,
  onFound: (draft: Draft) => void,
): UseDraft {
  const newest = useRef(draft)
  /** As it was found, kept or sent. */
  const known = useRef('')
  const found = useRef(onFound)
  found.current = onFound
  newest.current = draft
  const said = JSON.stringify({ ...draft, at: 0 })

  useEffect(() => {
    if (name === null) return
    let isOver = false
    findDraft(peer, name).then(
      (before) => {
        if (isOver || before === null || isEmpty(before) || !isEmpty(newest.current)) return
        known.current = JSON.stringify({ ...before, at: 0 })
        found.current(before)
      },
      // Written anew: nothing else can be done about it here.
      () => {},
    )
    return () => {
      isOver = true
    }
  }, [peer, name])

  const [line] = useState(createDraftLine)

  useEffect(() => {
    if (name === null || said === known.current) return
    // What cannot be told yet whether it may be kept is asked again when more is written, or it is left.
    const keep = (): void => void line.put(peer, name, newest.current, false).catch(() => {})
    const timer = setTimeout(keep, keepMs)
    return () => clearTimeout(timer)
  }, [peer, name, said, line])

  useEffect(() => {
    if (name === null) return
    const leave = (): void => {
      const now = newest.current
      const saying = JSON.stringify({ ...now, at: 0 })
      if (saying === known.current) return
      // Nothing was begun, and nothing was there before.
      if (isEmpty(now) && known.current === '') return
      const before = known.current
      known.current = saying
      line.put(peer, name, now, true).catch(() => {
        // Left again as it is, it is tried again.
        if (known.current === saying) known.current = before
      })
    }
    const hidden = (): void => {
      if (document.visibilityState === 'hidden') leave()
    }
    document.addEventListener('visibilitychange', hidden)
    return () => {
      document.removeEventListener('visibilitychange', hidden)
      leave()
    }
  }, [peer, name, line])

  return {
    async forget() {
      if (name === null) return
      const nothing: Draft = { ...newest.current, text: '', warning: '', attachments: [] }
      newest.current = nothing
      known.current = JSON.stringify({ ...nothing, at: 0 })
      await line.put(peer, name, nothing, true)
    },
  }
}
