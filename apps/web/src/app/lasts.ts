/**
 * What is so for some time: short interruptions are told to nobody.
 *
 * @module
 */
import { useEffect, useState } from 'react'

/** ms without anybody before a person is told: most interruptions are shorter. */
export const aloneMs = 10_000

/** It is so, and was for that long. */
export function useLasts(isSo: boolean, ms: number): boolean {
  const [lasts, setLasts] = useState(false)
  useEffect(() => {
    setLasts(false)
    if (!isSo) return
    const timer = setTimeout(() => setLasts(true), ms)
    return () => clearTimeout(timer)
  }, [isSo, ms])
  return lasts
}
