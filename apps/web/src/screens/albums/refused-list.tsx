/**
 * Which files of an album cannot be shared, and why; it can go on without them.
 *
 * @module
 */
import { Alert, Button, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useFaultWords } from '../../faults/use-fault.ts'
import { useWords } from '../../words/use-words.ts'
import type { Refused } from './fit-files.ts'
import { words } from './words.ts'

/** Of one list: who has more of them has one reason. */
const shown = 8

export interface RefusedListProps {
  readonly refused: readonly Refused[]
  readonly goOn: () => void
}

export function RefusedList({ refused, goOn }: RefusedListProps): ReactNode {
  const t = useWords(words)
  const say = useFaultWords()
  const rest = refused.length - shown
  return (
    <Alert
      role="alert"
      color="red"
      icon={<IconAlertTriangle />}
      title={t('refused', { count: refused.length })}
    >
      <Stack gap="sm" align="start">
        {refused.slice(0, shown).map(({ path, error }) => {
          const { happened, todo } = say(error)
          return (
            <div key={path}>
              <Text size="sm" fw={600}>
                <bdi data-others>{path}</bdi>
              </Text>
              <Text size="sm">
                {happened} {todo}
              </Text>
            </div>
          )
        })}
        {rest > 0 && <Text size="sm">{t('andMore', { count: rest })}</Text>}
        <Button variant="default" onClick={goOn}>
          {t('goOnWithout', { count: refused.length })}
        </Button>
      </Stack>
    </Alert>
  )
}
