/**
 * Long work: how far it is, and the way out of it.
 *
 * @module
 */
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../words/use-words.ts'
import { words } from './words.ts'

export interface WorkingProps {
  /** What is done, for who cannot see it move too. */
  readonly title: string
  /** In whatever unit; a total of null: not known yet. */
  readonly done: number
  readonly total: number | null
  /** In words: `3 of 12 MB`. */
  readonly detail?: string
  readonly onCancel?: () => void
}

export function Working({ title, done, total, detail, onCancel }: WorkingProps): ReactNode {
  const t = useWords(words)
  const share = total === null ? null : total === 0 ? 1 : Math.min(1, done / total)
  return (
    <Stack gap="xs" role="status">
      <Group justify="space-between">
        <Text>{title}</Text>
        {detail !== undefined && (
          <Text size="sm" c="var(--soft)">
            {detail}
          </Text>
        )}
      </Group>
      <Progress
        value={share === null ? 100 : share * 100}
        animated={share === null}
        striped={share === null}
        aria-label={title}
      />
      {onCancel !== undefined && (
        <Group justify="flex-end">
          <Button variant="subtle" size="sm" onClick={onCancel}>
            {t('cancel')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
