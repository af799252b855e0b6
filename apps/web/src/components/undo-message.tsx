/**
 * What was done, and the way back from it.
 *
 * @module
 */
import { Button, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export interface UndoMessageProps {
  readonly text: string
  readonly undo: () => void
}

export function UndoMessage({ text, undo }: UndoMessageProps): ReactNode {
  const t = useWords(words)
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">{text}</Text>
      <Button size="sm" variant="default" onClick={undo}>
        {t('undo')}
      </Button>
    </Group>
  )
}
