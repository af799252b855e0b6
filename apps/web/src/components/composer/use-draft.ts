/**
 * The draft of what is written here: found again, kept every second, given to own devices when one leaves.
 *
 * @module
 */
import type { RemotePeer } from '@effigy/peer/page'
import { useEffect, useRef } from 'react'
import { type Draft, type DraftName, findDraft, isEmpty, keepDraft, shareDraft } from './drafts.ts'

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
  const { identity } = peer
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

  useEffect(() => {
    if (name === null || said === known.current) return
    const timer = setTimeout(() => {
      keepDraft(identity, name, isEmpty(newest.current) ? null : newest.current)
    }, keepMs)
    return () => clearTimeout(timer)
  }, [identity, name, said])

  useEffect(() => {
    if (name === null) return
    const leave = (): void => {
      const now = newest.current
      const saying = JSON.stringify({ ...now, at: 0 })
      if (saying === known.current) return
      const isNothing = isEmpty(now)
      // Nothing was begun, and nothing was there before.
      if (isNothing && known.current === '') return
      known.current = saying
      keepDraft(identity, name, isNothing ? null : now)
      // This browser has it in any case.
      void shareDraft(peer, name, isNothing ? null : now).catch(() => {})
    }
    const hidden = (): void => {
      if (document.visibilityState === 'hidden') leave()
    }
    document.addEventListener('visibilitychange', hidden)
    return () => {
      document.removeEventListener('visibilitychange', hidden)
      leave()
    }
  }, [peer, identity, name])

  return {
    async forget() {
      if (name === null) return
      const nothing: Draft = { ...newest.current, text: '', warning: '', attachments: [] }
      newest.current = nothing
      known.current = JSON.stringify({ ...nothing, at: 0 })
      keepDraft(identity, name, null)
      await shareDraft(peer, name, null)
    },
  }
}
