/**
 * How far what was written is back, after an account was found or linked.
 *
 *     a hub or an own device has told all it has, and it is here ─▶ here      nobody who keeps it answers ─▶ alone
 *
 * @module
 */
import type { AccountView, PeerStatus } from '@effigy/peer'
import { useLive, usePeer, useSync } from '@effigy/react'
import { useEffect, useState } from 'react'
import { asTouch } from '../../app/idle-lock.ts'
import { aloneMs, useLasts } from '../../app/lasts.ts'

export interface HistoryProgress {
  readonly done: number
  readonly total: number
}

/** `missing`: entries of which is known that they exist, and that nobody who answered has. */
export type ComingBack =
  | { readonly type: 'coming' | 'alone'; readonly progress: HistoryProgress | null }
  | { readonly type: 'here'; readonly missing: number }
  | { readonly type: 'failed'; readonly error: unknown }

/** ms that a device which was linked waits for the one that let it in, which has more than a hub may keep. */
const siblingMs = 15_000

/** Who is connected and keeps what was written; of those, whether one has told all it has. */
export function keepersOf(
  { sessions }: Pick<PeerStatus, 'sessions'>,
  members: AccountView['members'],
): { readonly isThere: boolean; readonly hub: boolean; readonly sibling: boolean } {
  const siblings = sessions.filter(({ identity }) =>
    members.some((member) => !member.isSelf && member.identity === identity),
  )
  const hubs = sessions.filter(({ kind }) => kind === 'hub')
  return {
    isThere: siblings.length + hubs.length > 0,
    hub: hubs.some(({ upToDate }) => upToDate),
    sibling: siblings.some(({ upToDate }) => upToDate),
  }
}

export interface ComingBackWatch {
  readonly state: ComingBack
  /** After `failed`. */
  readonly again: () => void
}

export function useComingBack(): ComingBackWatch {
  const peer = usePeer()
  const { value: account } = useLive('account.show')
  const status = useSync().value
  const [attempt, setAttempt] = useState(0)
  const [progress, setProgress] = useState<HistoryProgress | null>(null)
  const [isHere, setHere] = useState(false)
  const [failure, setFailure] = useState<{ readonly error: unknown } | null>(null)
  const keepers = status === null ? null : keepersOf(status, account?.members ?? [])
  const isAlone = useLasts(keepers?.isThere === false, aloneMs)
  const isLinked = account?.role === 'linked'
  const isHubEnough = useLasts(isLinked, siblingMs) || (account !== null && !isLinked)
  const isHeard = keepers !== null && (keepers.sibling || (keepers.hub && isHubEnough))

  // The numbers alone: it ends only where an own device gives.
  useEffect(() => {
    const stop = new AbortController()
    const told = asTouch(setProgress)
    const follow = async (): Promise<void> => {
      for await (const now of peer.account.history(stop.signal)) told(now)
    }
    follow().catch((error: unknown) => {
      if (!stop.signal.aborted) setFailure({ error })
    })
    return () => stop.abort()
  }, [peer, attempt])

  useEffect(() => {
    if (!isHeard) return
    const stop = new AbortController()
    peer.settled(stop.signal).then(
      () => setHere(true),
      (error: unknown) => {
        if (!stop.signal.aborted) setFailure({ error })
      },
    )
    return () => stop.abort()
  }, [peer, isHeard, attempt])

  function again(): void {
    setFailure(null)
    setAttempt((last) => last + 1)
  }

  function stateNow(): ComingBack {
    if (isHere) return { type: 'here', missing: progress === null ? 0 : progress.total - progress.done }
    if (failure !== null) return { type: 'failed', error: failure.error }
    return { type: isAlone ? 'alone' : 'coming', progress }
  }
  return { state: stateNow(), again }
}
