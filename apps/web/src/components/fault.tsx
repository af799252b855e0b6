/**
 * What went wrong and what to do, where it belongs; `useFail` says it in passing.
 *
 * @module
 */
import { Alert, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type ReactNode, useCallback } from 'react'
import { useFaultWords } from '../faults/use-fault.ts'
import { tellFault } from './tell.ts'

export interface FaultProps {
  readonly error: unknown
  /** What the person can press. */
  readonly children?: ReactNode
}

export function Fault({ error, children }: FaultProps): ReactNode {
  const say = useFaultWords()
  const { happened, todo } = say(error)
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle />} title={happened}>
      <Stack gap="sm" align="start">
        <Text size="sm">{todo}</Text>
        {children}
      </Stack>
    </Alert>
  )
}

/** For what a button began: shown at the edge, read aloud. Aborted work is no failure. */
export function useFail(): (error: unknown) => void {
  const say = useFaultWords()
  return useCallback(
    (error) => {
      if (error instanceof Error && error.name === 'AbortError') return
      const { happened, todo } = say(error)
      tellFault(happened, todo)
    },
    [say],
  )
}
