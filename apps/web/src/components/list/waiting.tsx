/**
 * A list that is on its way.
 *
 * @module
 */
import { Group, Skeleton, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export function Waiting(): ReactNode {
  const t = useWords(words)
  return (
    <Stack gap="lg" role="status" aria-label={t('loading')}>
      {['a', 'b', 'c'].map((key) => (
        <Group key={key} wrap="nowrap" align="start" aria-hidden>
          <Skeleton circle height={44} />
          <Stack gap="xs" flex={1}>
            <Skeleton height={12} width="40%" />
            <Skeleton height={12} />
            <Skeleton height={12} width="80%" />
          </Stack>
        </Group>
      ))}
    </Stack>
  )
}
