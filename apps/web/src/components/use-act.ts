/**
 * What a button begins: busy meanwhile, told what went wrong, given up when nobody looks any more.
 *
 *     const { isBusy, error, act } = useAct()      <Button loading={isBusy} onClick={() => act((signal) => …)}>
 *
 * @module
 */
import { useCallback, useEffect, useRef, useState } from 'react'

export interface Acting {
  readonly isBusy: boolean
  /** Of the last one; null: none, or it was given up. */
  readonly error: unknown
  /** One at a time; the signal ends with the component, and with `cancel`. */
  act(work: (signal: AbortSignal) => Promise<void>): void
  cancel(): void
}

export function useAct(): Acting {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])
  const cancel = useCallback(() => running.current?.abort(), [])
  const act = useCallback((work: (signal: AbortSignal) => Promise<void>) => {
    if (running.current !== null) return
    const stop = new AbortController()
    running.current = stop
    setBusy(true)
    setError(null)
    work(stop.signal)
      .catch((reason: unknown) => {
        if (!stop.signal.aborted) setError(reason)
      })
      .finally(() => {
        running.current = null
        setBusy(false)
      })
  }, [])
  return { isBusy, error, act, cancel }
}
