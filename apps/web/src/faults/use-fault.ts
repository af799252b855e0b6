/**
 * What happened and what to do, in words, for an error.
 *
 * @module
 */
import { useCallback } from 'react'
import { useWords } from '../words/use-words.ts'
import { codeOf } from './code-of.ts'
import { faultFamily } from './faults.ts'
import { words } from './words.ts'

export interface FaultWords {
  readonly happened: string
  readonly todo: string
}

/** In one piece: what happened, then what to do. */
export function inOne({ happened, todo }: FaultWords): string {
  return `${happened} ${todo}`
}

export function useFaultWords(): (error: unknown) => FaultWords {
  const t = useWords(words)
  return useCallback(
    (error) => {
      const family = faultFamily(codeOf(error))
      return { happened: t(family), todo: t(`${family}Do`) }
    },
    [t],
  )
}
