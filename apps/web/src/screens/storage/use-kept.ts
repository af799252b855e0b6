/**
 * What this device keeps, as it is now: asked again while the network changes it, and seldom enough not to be felt.
 *
 *     status differs, page is looked at ─▶ ask ─▶ show what differs ─▶ rest, the longer the more the answer costs
 *
 * @module
 */
import type { PeopleStorage } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { usePage } from '../../app/page-context.ts'

export interface Room {
  readonly usedBytes: number | null
  readonly quotaBytes: number | null
  readonly isPersisted: boolean | null
}

export interface Kept {
  readonly people: PeopleStorage
  readonly room: Room
}

export interface KeptAnswer {
  readonly kept: Kept | null
  readonly error: unknown
  /** At once, after what this page did. */
  readonly look: () => Promise<void>
}

/** People in the list; the sum has everybody. */
const maxShown = 100

/** Ms between two questions. */
const leastRestMs = 2_000

/** Rests that many times as long as an answer took: of a large store all is counted. */
const restShare = 30

export function useKept(): KeptAnswer {
  const peer = usePeer()
  const page = usePage()
  const [kept, setKept] = useState<Kept | null>(null)
  const [error, setError] = useState<unknown>(null)
  const asked = useRef(0)

  const look = useCallback(async () => {
    asked.current++
    const turn = asked.current
    try {
      const [people, room] = await Promise.all([peer.people.storage(maxShown), page.device.room()])
      // Another question was asked meanwhile: its answer is the newer one.
      if (turn !== asked.current) return
      const next = { people, room }
      setKept((last) => (JSON.stringify(last) === JSON.stringify(next) ? last : next))
      setError(null)
    } catch (reason) {
      if (turn === asked.current) setError(reason)
    }
  }, [peer, page])

  useEffect(() => {
    const stop = new AbortController()
    const follow = async (): Promise<void> => {
      for await (const _status of peer.statuses(stop.signal)) {
        await untilVisible(stop.signal)
        const startMs = performance.now()
        await look()
        await rest(Math.max(leastRestMs, (performance.now() - startMs) * restShare), stop.signal)
      }
    }
    follow().catch((reason: unknown) => {
      if (!stop.signal.aborted) setError(reason)
    })
    return () => {
      stop.abort()
      asked.current++
    }
  }, [peer, look])

  return { kept, error, look }
}

function untilVisible(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const isOver = (): boolean => signal.aborted || document.visibilityState === 'visible'
    if (isOver()) return resolve()
    const look = (): void => {
      if (!isOver()) return
      document.removeEventListener('visibilitychange', look)
      signal.removeEventListener('abort', look)
      resolve()
    }
    document.addEventListener('visibilitychange', look)
    signal.addEventListener('abort', look)
  })
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
