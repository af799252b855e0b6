/**
 * The draft of what is written here: found again, kept every second, given to own devices when one leaves.
 *
 * @module
 */
import type { RemotePeer } from '@effigy/peer/page'
import { useCallback, useEffect, useRef } from 'react'
import { type Draft, type DraftName, findDraft, isEmpty, keepable, keepDraft, shareDraft } from './drafts.ts'

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

  /** One after the other: whether one may be kept is known a while after it is written. */
  const line = useRef(Promise.resolve())
  const put = useCallback(
    (to: DraftName, what: Draft, isShared: boolean): Promise<void> => {
      const done = line.current.then(async () => {
        const kept = await keepable(what)
        keepDraft(to, kept)
        if (isShared) await shareDraft(peer, to, kept)
      })
      line.current = done.catch(() => {})
      return done
    },
    [peer],
  )

  useEffect(() => {
    if (name === null || said === known.current) return
    const timer = setTimeout(() => void put(name, newest.current, false), keepMs)
    return () => clearTimeout(timer)
  }, [name, said, put])

  useEffect(() => {
    if (name === null) return
    const leave = (): void => {
      const now = newest.current
      const saying = JSON.stringify({ ...now, at: 0 })
      if (saying === known.current) return
      // Nothing was begun, and nothing was there before.
      if (isEmpty(now) && known.current === '') return
      known.current = saying
      // This browser has it in any case.
      put(name, now, true).catch(() => {})
    }
    const hidden = (): void => {
      if (document.visibilityState === 'hidden') leave()
    }
    document.addEventListener('visibilitychange', hidden)
    return () => {
      document.removeEventListener('visibilitychange', hidden)
      leave()
    }
  }, [name, put])

  return {
    async forget() {
      if (name === null) return
      const nothing: Draft = { ...newest.current, text: '', warning: '', attachments: [] }
      newest.current = nothing
      known.current = JSON.stringify({ ...nothing, at: 0 })
      await put(name, nothing, true)
    },
  }
}
