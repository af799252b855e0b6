/**
 * The draft of what is written here: found again, kept every second, given to own devices when one leaves.
 *
 * @module
 */
import type { RemotePeer } from '@effigy/peer/page'
import { useEffect, useRef, useState } from 'react'
import { createDraftLine, type Draft, type DraftName, findDraft, isEmpty } from './drafts.ts'
import { createPace } from './pace.ts'
import { onPutAway } from './put-away.ts'

/** ms after the first change until it is kept, however long somebody goes on. */
const keepMs = 1_000

export interface UseDraft {
  /** It was sent, or thrown away: nothing of it stays, on no device. */
  readonly forget: () => Promise<void>
}

export interface WhatIsWritten {
  /** Null: nothing is kept. */
  readonly name: DraftName | null
  readonly draft: Draft
  /** What stands already and is to be changed: as long as it says just that, there is no draft. */
  readonly base?: Draft | null
  /** Called once at most, and not when somebody writes already. */
  readonly onFound: (draft: Draft) => void
}

export function useDraft(peer: RemotePeer, { name, draft, base = null, onFound }: WhatIsWritten): UseDraft {
  const newest = useRef(draft)
  /** As all own devices know it: found, given to them, or sent. */
  const known = useRef('')
  /** As it is kept in this browser; empty: not yet. */
  const here = useRef('')
  const found = useRef(onFound)
  const before = useRef(base)
  found.current = onFound
  newest.current = draft
  const saying = sayingOf(draft)

  useEffect(() => {
    if (name === null) return
    let isOver = false
    findDraft(peer, name).then(
      (old) => {
        if (isOver || old === null || isEmpty(old) || isBegun(newest.current, before.current)) return
        known.current = sayingOf(old)
        here.current = known.current
        found.current(old)
      },
      // Written anew: nothing else can be done about it here.
      () => {},
    )
    return () => {
      isOver = true
    }
  }, [peer, name])

  const [line] = useState(createDraftLine)
  const [pace] = useState(() => createPace(keepMs))

  useEffect(() => {
    if (name === null || saying === here.current) return
    pace.ask(() => {
      const draft = kept(newest.current, before.current)
      // Nothing was begun: what was kept before may not have been found yet.
      if (isEmpty(draft) && known.current === '' && here.current === '') return
      here.current = sayingOf(newest.current)
      // What cannot be told yet whether it may be kept is asked again when more is written, or it is left.
      line.put(peer, name, draft, false).catch(() => {})
    })
  }, [peer, name, saying, line, pace])

  useEffect(() => {
    if (name === null) return
    const leave = async (): Promise<void> => {
      const now = newest.current
      const said = sayingOf(now)
      if (said === known.current && (here.current === '' || said === here.current)) return
      // Nothing was begun, and nothing was there before.
      if (isEmpty(kept(now, before.current)) && known.current === '' && here.current === '') return
      const last = known.current
      known.current = said
      here.current = said
      try {
        await line.put(peer, name, kept(now, before.current), true)
      } catch {
        // Left again as it is, it is tried again.
        if (known.current === said) known.current = last
      }
    }
    const hidden = (): void => {
      if (document.visibilityState === 'hidden') void leave()
    }
    document.addEventListener('visibilitychange', hidden)
    const away = onPutAway(() => {
      pace.stop()
      return leave()
    })
    return () => {
      document.removeEventListener('visibilitychange', hidden)
      away[Symbol.dispose]()
      pace.stop()
      void leave()
    }
  }, [peer, name, line, pace])

  return {
    async forget() {
      if (name === null) return
      pace.stop()
      const nothing = nothingOf(newest.current)
      newest.current = nothing
      known.current = sayingOf(nothing)
      here.current = known.current
      await line.put(peer, name, nothing, true)
    },
  }
}

const sayingOf = (draft: Draft): string => JSON.stringify({ ...draft, at: 0 })

const nothingOf = (draft: Draft): Draft => ({ ...draft, text: '', warning: '', attachments: [] })

/** Whether somebody has written here: the files of what stands come a moment later than its words. */
function isBegun(now: Draft, base: Draft | null): boolean {
  return base === null ? !isEmpty(now) : now.text !== base.text || now.warning !== base.warning
}

/** What is worth keeping of it: nothing where it says what stands already. */
function kept(now: Draft, base: Draft | null): Draft {
  if (base === null || isBegun(now, base)) return now
  return JSON.stringify(now.attachments) === JSON.stringify(base.attachments) ? nothingOf(now) : now
}
